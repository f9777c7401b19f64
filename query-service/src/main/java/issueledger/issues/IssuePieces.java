package issueledger.issues;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.EventJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An issue's JSON cut into pieces that give it again when they are joined in the order of their numbers: an event changes few of them,
 * however long the issue is. Test runs, notes and metric records are cut into chunks.
 */
final class IssuePieces {
    /** Numbers of one issue's pieces are below this. */
    static final long NUMBERS = 1L << 20;

    /** Identity and status; the whole JSON of an issue that is not cut. */
    static final int HEAD = 0;

    /** An issue is cut once its JSON is longer, in characters. */
    static final int WHOLE = 4_096;

    /** Title to testing strategy. */
    static final int TEXT = 1;

    static final int TEST_RUNS = 2;

    /** Files and references. */
    static final int MIDDLE = 1 << 18;

    static final int NOTES = MIDDLE + 1;
    static final int METRICS = 1 << 19;

    /** Assignee to the last field, and the last piece of the JSON. */
    static final int TAIL = METRICS + 1;

    static final int RECORDS = TAIL + 1;

    /** The issue's words, a JSON array. */
    static final int WORDS = (1 << 20) - 1;

    /** The pieces that every issue's JSON has: head, text, middle, metrics, tail. */
    static final int FIXED = 5;

    private static final int CHUNK = 16;

    private IssuePieces() {}

    /** The fixed pieces. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Fixed(byte[] head, byte[] text, byte[] middle, byte[] metrics, byte[] tail) {
        byte[] between(int number) {
            return switch (number) {
                case 0 -> text;
                case 1 -> middle;
                default -> metrics;
            };
        }

        int length() {
            return head.length + text.length + middle.length + metrics.length + tail.length;
        }
    }

    /** The JSON of an issue that is not cut; null if it is too long for that. */
    static byte @Nullable [] whole(IssueView view) {
        String json = EventJson.MAPPER.writeValueAsString(view);
        return json.length() > WHOLE ? null : json.getBytes(UTF_8);
    }

    /** In a JSON text, a member's name with its quotes is found nowhere but at the member: quotes in values are escaped. */
    static Fixed fixed(IssueView view) {
        String json = EventJson.MAPPER.writeValueAsString(view.withoutRunsAndNotes());
        int text = json.indexOf(",\"title\":");
        int runs = json.indexOf("\"testRuns\":[", text) + "\"testRuns\":[".length();
        int notes = json.indexOf("\"notes\":[", runs) + "\"notes\":[".length();
        int tail = json.indexOf(",\"assignee\":", notes);
        return new Fixed(
                json.substring(0, text).getBytes(UTF_8),
                json.substring(text, runs).getBytes(UTF_8),
                json.substring(runs, notes).getBytes(UTF_8),
                json.substring(notes, tail).getBytes(UTF_8),
                json.substring(tail).getBytes(UTF_8));
    }

    static int chunks(List<?> list) {
        return (list.size() + CHUNK - 1) / CHUNK;
    }

    /** A chunk without the brackets, with a comma before it unless it is the first. */
    static byte[] chunk(List<?> list, int number) {
        String json = EventJson.MAPPER.writeValueAsString(part(list, number));
        return ((number == 0 ? "" : ",") + json.substring(1, json.length() - 1)).getBytes(UTF_8);
    }

    /** True if a chunk has the very elements that it had before: a fold replaces those that it changes. */
    @SuppressWarnings("ReferenceEquality")
    static boolean isSame(List<?> before, List<?> after, int number) {
        List<?> old = part(before, number);
        List<?> now = part(after, number);
        if (old.size() != now.size()) {
            return false;
        }
        for (int i = 0; i < old.size(); i++) {
            if (old.get(i) != now.get(i)) {
                return false;
            }
        }
        return true;
    }

    private static List<?> part(List<?> list, int number) {
        int from = Math.min(list.size(), number * CHUNK);
        return list.subList(from, Math.min(list.size(), from + CHUNK));
    }
}
