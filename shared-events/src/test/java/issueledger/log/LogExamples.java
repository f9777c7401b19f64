package issueledger.log;

import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Outcome;
import issueledger.log.Commit.IdempotencyKey;
import java.util.List;

/** Events and commits as the tests of a log append them: small notes in streams of any name. */
public final class LogExamples {
    private LogExamples() {}

    /** The note of this number in a stream; its id is made of both. */
    public static NewEvent note(String stream, long sequence) {
        return note(stream, sequence, "{\"note\":" + (sequence + 1) + ",\"kind\":\"PROGRESS\",\"text\":\"going on\"}");
    }

    public static NewEvent note(String stream, long sequence, String payload) {
        return new NewEvent(
                stream + "-" + sequence,
                stream,
                sequence,
                "NoteRecorded",
                "1",
                payload,
                "{\"actor\":\"ada\",\"commandId\":\"" + stream + "-" + sequence + "\"}");
    }

    public static Commit commit(NewEvent... events) {
        return new Commit(List.of(events), null);
    }

    public static Commit keyed(String actor, String key, NewEvent... events) {
        return new Commit(List.of(events), new IdempotencyKey(actor, key));
    }

    /** Appends one commit and returns its outcome. */
    public static Outcome append(EventLog log, Commit commit) {
        return log.append(List.of(commit)).outcomes().get(0);
    }

    /** Appends one commit that must be accepted. */
    public static Appended appended(EventLog log, Commit commit) {
        Outcome outcome = append(log, commit);
        if (outcome instanceof Appended appended) {
            return appended;
        }
        throw new AssertionError("not appended: " + outcome);
    }
}
