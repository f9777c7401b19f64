package issueledger.template;

import issueledger.events.IssueEvent.RootCauseRecorded;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class RootCauseReader extends SectionReader {
    RootCauseReader(Markdown document, Remarks remarks) {
        super(Section.ROOT_CAUSE, document, remarks);
    }

    @Nullable
    RootCauseRecorded rootCause() {
        Text cause = cause();
        if (cause == null) {
            noteValues("a cause is lacking");
            return null;
        }
        boolean good = remarks.isGood(cause, false);
        List<String> factors = all(Label.CONTRIBUTING_FACTORS);
        List<String> conditions = all(Label.TRIGGER_CONDITIONS);
        return good ? new RootCauseRecorded(cause.text(), factors, conditions) : null;
    }

    /** The section's text, the label's, or both. */
    private @Nullable Text cause() {
        Text main = main();
        Text labelled = one(Label.TECHNICAL_CAUSE);
        if (main == null || labelled == null) {
            return main == null ? labelled : main;
        }
        return new Text(main.text() + "\n\n" + labelled.text(), main.line(), main.exact());
    }
}
