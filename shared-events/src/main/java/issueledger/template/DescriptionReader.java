package issueledger.template;

import issueledger.events.Description;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class DescriptionReader extends SectionReader {
    DescriptionReader(Markdown document, Remarks remarks) {
        super(Section.DESCRIPTION, document, remarks);
    }

    /** @param line the line of the error where there is none */
    @Nullable
    Description description(int line) {
        Text text = main();
        if (text == null) {
            remarks.error(line, "there is no description: text under the heading Issue Description");
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
