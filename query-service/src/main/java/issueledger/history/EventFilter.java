package issueledger.history;

import issueledger.log.RecordedEvent;
import org.jspecify.annotations.Nullable;

/** Chooses events by actor, type and issue; null: any. */
record EventFilter(
        @Nullable String actor,
        @Nullable String type,
        @Nullable String issueId) {

    /** True if it lets every event pass. */
    boolean isOpen() {
        return actor == null && type == null && issueId == null;
    }

    boolean matches(RecordedEvent event) {
        return (actor == null || actor.equals(EventItem.actorOf(event)))
                && (type == null || type.equals(event.type()))
                && (issueId == null || issueId.equals(event.stream()));
    }
}
