package issueledger.template;

import issueledger.events.AffectedUsers;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.template.Values.GivenSeverity;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/**
 * Reads severity and affected users. Without a severity, the section is no assessment: all of it is one note, unless nothing in it is
 * filled in.
 */
final class ImpactReader extends SectionReader {
    private @Nullable Integer severityLine;

    ImpactReader(Markdown document, Remarks remarks) {
        super(Section.IMPACT, document, remarks);
    }

    @Override
    void take(Taken taken) {
        if (taken.labelled().in(Section.IMPACT) == Label.SEVERITY && severityLine == null) {
            severityLine = taken.line();
        }
        super.take(taken);
    }

    @Override
    boolean isLeftOut(Label label, Text text) {
        return label != Label.SEVERITY && super.isLeftOut(label, text);
    }

    @Override
    void read(List<Node> blocks) {
        int notes = remarks.notes().size();
        int warnings = remarks.warnings().size();
        super.read(blocks);
        boolean isBlank = !hasValues()
                && remarks.notes().size() == notes
                && remarks.warnings().size() == warnings;
        if (severity() == null && !isBlank) {
            forgetValues();
            remarks.forget(notes, warnings);
            List<Node> kept = new ArrayList<>(blocks);
            trim(kept);
            if (!kept.isEmpty()) {
                Text whole = document.raw(kept);
                remarks.note(
                        whole.text(),
                        severityLine == null ? whole.line() : severityLine,
                        "no severity is chosen of Critical, High, Medium and Low: the section is kept as a PROGRESS"
                                + " note");
            }
        }
    }

    @Nullable
    ImpactAssessed impact() {
        GivenSeverity given = severity();
        if (given == null) {
            return null;
        }
        Text text = one(Label.SEVERITY);
        if (given.remark() != null && text != null) {
            remarks.note(
                    "Severity: " + given.remark(),
                    text.line(),
                    "a remark behind the severity is kept as a PROGRESS note");
        }
        return new ImpactAssessed(given.severity(), users(), text(Label.BUSINESS_IMPACT), all(Label.WORKAROUNDS));
    }

    private @Nullable GivenSeverity severity() {
        Text text = one(Label.SEVERITY);
        return text == null ? null : Values.severity(text.text());
    }

    private @Nullable AffectedUsers users() {
        Text text = one(Label.AFFECTED_USERS);
        AffectedUsers[] users = new AffectedUsers[1];
        if (text != null) {
            remarks.checked(text.line(), () -> users[0] = Values.users(text.text()));
        }
        return users[0];
    }
}
