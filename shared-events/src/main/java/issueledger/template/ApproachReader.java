package issueledger.template;

import issueledger.events.IssueEvent.SolutionProposed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads both sections of a solution; their texts are one approach. */
final class ApproachReader extends SectionReader {
    ApproachReader(Markdown document, Remarks remarks) {
        super(Section.APPROACH, document, remarks);
    }

    @Nullable
    SolutionProposed solution() {
        Text approach = main();
        if (approach == null) {
            noteValues("an approach is lacking");
            return null;
        }
        boolean good = remarks.isGood(approach, false);
        List<String> code = all(Label.CODE_CHANGES);
        List<String> architecture = all(Label.ARCHITECTURE_MODIFICATIONS);
        List<String> schema = all(Label.SCHEMA_UPDATES);
        List<String> improvements = all(Label.EXPECTED_IMPROVEMENTS);
        return good ? new SolutionProposed(approach.text(), code, architecture, schema, improvements) : null;
    }
}
