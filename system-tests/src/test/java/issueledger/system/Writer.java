package issueledger.system;

import issueledger.system.Ledger.Answer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A client that records notes, no text twice, and keeps the answer to each. Used by one thread at a time. */
final class Writer {
    /** A note that was acknowledged, and as what. */
    record Acknowledged(String issueId, long version, long position, String text) {}

    /** Outcome of one note, as its writer knows it. */
    enum Fate {
        ACKNOWLEDGED,
        REFUSED,
        UNKNOWN
    }

    private final String name;
    private final int port;
    private final List<String> issues;
    private final String padding;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<String> unknown = new HashSet<>();
    private int sent;

    /** Writes to the issues in turn. */
    Writer(String name, int port, List<String> issues) {
        this(name, port, issues, "");
    }

    /** Ends each note with the padding. */
    Writer(String name, int port, List<String> issues, String padding) {
        this.name = name;
        this.port = port;
        this.issues = issues;
        this.padding = padding;
    }

    /** Opens an issue and expects that it is taken. */
    static void open(int port, String id) {
        Answer opened = Ledger.post(
                port, "/issues", "{\"id\":\"" + id + "\",\"title\":\"Slow\",\"description\":{\"text\":\"5 s\"}}");
        if (opened.status() != 201) {
            throw new AssertionError("open " + id + ": " + opened.status() + " " + opened.text());
        }
    }

    Fate write() {
        String issue = issues.get(sent % issues.size());
        String text = name + " note " + ++sent + padding;
        Answer answer;
        try {
            answer = Ledger.post(
                    port,
                    "/issues/" + issue + "/record-note",
                    "{\"kind\":\"PROGRESS\",\"text\":\"" + text + "\"}",
                    "X-Actor",
                    name);
        } catch (UncheckedIOException e) {
            unknown.add(text);
            LockSupport.parkNanos(10_000_000); // Pause before the next try at a service that is down.
            return Fate.UNKNOWN;
        }
        return switch (answer.status()) {
            case 200 -> {
                acknowledged.add(new Acknowledged(
                        issue,
                        answer.json().at("/version").longValue(),
                        answer.json().at("/position").longValue(),
                        text));
                yield Fate.ACKNOWLEDGED;
            }
            case 409 -> refused(text);
            case 503 ->
                // Of an overloaded service there is no outcome: nothing was done.
                switch (answer.json().at("/outcome").asString("NOT_APPENDED")) {
                    case "NOT_APPENDED" -> refused(text);
                    case "UNKNOWN" -> {
                        unknown.add(text);
                        yield Fate.UNKNOWN;
                    }
                    default -> throw new AssertionError(answer.text());
                };
            default -> throw new AssertionError(answer.status() + " " + answer.text());
        };
    }

    private Fate refused(String text) {
        refused.add(text);
        return Fate.REFUSED;
    }

    List<Acknowledged> acknowledged() {
        return acknowledged;
    }

    Set<String> refused() {
        return refused;
    }

    Set<String> unknown() {
        return unknown;
    }
}
