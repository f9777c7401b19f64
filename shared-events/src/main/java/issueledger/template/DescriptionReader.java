package issueledger.template;

import issueledger.events.Description;
import java.util.List;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

final class DescriptionReader extends SectionReader {
    DescriptionReader(Markdown document, Remarks remarks) {
        super(Section.DESCRIPTION, document, remarks);
    }

    /** Where labels would take all of the text, those with a value beside them leave it to the description, which is required. */
    @Override
    void read(List<Node> blocks) {
        int notes = remarks.notes().size();
        int warnings = remarks.warnings().size();
        super.read(blocks);
        if (!hasMain() && takesBehindValue) {
            takesBehindValue = false;
            remarks.forget(notes, warnings);
            forgetValues();
            super.read(blocks);
        }
    }

    /** @param outline which knows where it should be */
    @Nullable
    Description description(Outline outline) {
        Text text = main();
        if (text == null) {
            Text nearly = outline.nearly(Section.DESCRIPTION);
            remarks.error(
                    nearly == null ? outline.line(Section.DESCRIPTION) : nearly.line(),
                    "there is no description: text under the heading Issue Description"
                            + (nearly == null
                                    ? ""
                                    : "; the heading \"" + Values.abridged(nearly.text()) + "\" is nearly that"));
            return null;
        }
        boolean good = remarks.isGood(text, false);
        List<String> symptoms = all(Label.SYMPTOMS);
        List<String> features = all(Label.AFFECTED_FEATURES);
        String impact = text(Label.USER_IMPACT);
        List<String> endpoints = all(Label.ENDPOINTS);
        return good ? new Description(text.text(), symptoms, features, impact, endpoints) : null;
    }
}
