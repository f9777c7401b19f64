package issueledger.template;

import issueledger.events.AffectedUsers;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.Severity;
import java.util.List;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/** Reads severity and affected users. Without a severity, the section is no assessment: all of it is one note. */
final class ImpactReader extends SectionReader {
    ImpactReader(Markdown document, Remarks remarks) {
        super(Section.IMPACT, document, remarks);
    }

    @Override
    void read(List<Node> blocks) {
        int notes = remarks.notes().size();
        int warnings = remarks.warnings().size();
        super.read(blocks);
        if (severity() == null) {
            forgetValues();
            after(remarks.notes(), notes).clear();
            after(remarks.warnings(), warnings)
                    .removeIf(remark -> !remark.detail().startsWith(Remarks.PLACEHOLDER));
            if (!blocks.isEmpty()) {
                remarks.note(document.raw(blocks), "no severity is chosen: the section is kept as a PROGRESS note");
            }
        }
    }

    private static <T> List<T> after(List<T> list, int size) {
        return list.subList(size, list.size());
    }

    @Nullable
    ImpactAssessed impact() {
        Severity severity = severity();
        return severity == null
                ? null
                : new ImpactAssessed(severity, users(), text(Label.BUSINESS_IMPACT), all(Label.WORKAROUNDS));
    }

    private @Nullable Severity severity() {
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
