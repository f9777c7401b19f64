package issueledger.auditing;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether a later tree begins with an earlier one.
 *
 * @param position the first position that is not what it was; null if all are, or if it is not known
 * @param detail one line
 */
public record Comparison(Answer answer, @Nullable Long position, String detail) {
    static Comparison good(String detail) {
        return new Comparison(Answer.GOOD, null, detail);
    }

    public static Comparison cannotTell(String detail) {
        return new Comparison(Answer.CANNOT_TELL, null, detail);
    }

    static Comparison notGood(@Nullable Long position, String detail) {
        return new Comparison(Answer.NOT_GOOD, position, detail);
    }

    /** A line for people. */
    public String text() {
        return answer.label() + ": " + detail;
    }

    /** One JSON document for programs, on one line. */
    public String json() {
        ObjectNode json = AuditJson.MAPPER.createObjectNode();
        json.put("answer", answer.name()).put("position", position).put("detail", detail);
        return json.toString();
    }
}
