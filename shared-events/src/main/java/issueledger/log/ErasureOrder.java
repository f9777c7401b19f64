package issueledger.log;

import java.time.Instant;
import java.util.List;

/**
 * The order to erase the texts of one event.
 *
 * @param metadata whether actor and reason are erased too
 * @param by who orders it, a line
 * @param reason why, a line
 * @param at in UTC with milliseconds
 */
public record ErasureOrder(String issueId, long version, boolean metadata, String by, String reason, Instant at) {

    /**
     * The event in a log.
     *
     * @throws ErasureRefused if there is none
     */
    public RecordedEvent find(EventLog log) {
        List<RecordedEvent> found = version < 1 ? List.of() : log.readStream(issueId, version - 1, 1);
        if (found.isEmpty()) {
            throw new ErasureRefused("there is no version " + version + " of the issue " + issueId);
        }
        return found.get(0);
    }

    /**
     * Refuses an order that is carried out already.
     *
     * @throws ErasureRefused naming who erased the event and when
     */
    public void requireTexts(RecordedEvent event) {
        Commitments now = event.commitments();
        boolean nothingLeft = now.payloadSalt() == null && (!metadata || now.metadataSalt() == null);
        if (nothingLeft && event.erased() != null) {
            throw new ErasureRefused("version " + version + " of the issue " + issueId + " was erased on "
                    + event.erased().at() + " by " + event.erased().by());
        }
    }

    /** The event that carries its commit's key and request. */
    public static RecordedEvent firstOfCommit(EventLog log, RecordedEvent event) {
        return event.position() == event.commit()
                ? event
                : log.read(event.commit() - 1, 1).get(0);
    }

    public Erasure erasureOf(RecordedEvent event) {
        return new Erasure(event.position(), metadata, at, by, reason);
    }
}
