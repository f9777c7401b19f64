package issueledger.history;

import static java.util.stream.Collectors.toMap;

import issueledger.history.EventIndex.Entry;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.projections.Generation;
import issueledger.projections.ReadModel;
import issueledger.projections.ViewAudit;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Indexes events by type, issue and actor. Payloads are not read. */
final class EventsModel implements ReadModel {
    private static final int PAGE = 1_000;

    private final EventIndex index;

    EventsModel(EventIndex index) {
        this.index = index;
    }

    EventIndex index() {
        return index;
    }

    @Override
    public Changes fold(List<RecordedEvent> events) {
        return new Added(events.stream().map(Entry::of).toList());
    }

    @Override
    public void verify(Generation generation, EventLog log, ViewAudit audit) {
        long to = generation.checkpoint().position();
        for (long position = 0; position < to; ) {
            List<RecordedEvent> events = log.read(position, (int) Math.min(PAGE, to - position));
            if (events.isEmpty()) {
                return; // The log's own verification reports its end.
            }
            compare(events, index.entries(position, events.getLast().position()), audit);
            audit.compared(0, events.size());
            position = events.getLast().position();
        }
        String differing = index.differingIndex(to);
        if (differing != null) {
            audit.differs(
                    0,
                    null,
                    "the index " + differing + " of the events' actors, types and issues differs from its rows");
        }
    }

    private static void compare(List<RecordedEvent> events, List<Entry> stored, ViewAudit audit) {
        Map<Long, Entry> byPosition =
                stored.stream().collect(toMap(entry -> entry.place().position(), Function.identity()));
        for (RecordedEvent event : events) {
            Entry entry = byPosition.get(event.position());
            if (!Entry.of(event).equals(entry)) {
                String detail = entry == null
                        ? "the index of events does not have it"
                        : "the index of events has " + entry + " for it";
                audit.differs(event.position(), event.stream(), detail);
                return; // The first of the page.
            }
        }
    }

    private final class Added implements Changes {
        private final List<Entry> entries;

        Added(List<Entry> entries) {
            this.entries = entries;
        }

        @Override
        public List<Failure> failures() {
            return List.of();
        }

        @Override
        public void write() {
            index.add(entries);
        }

        @Override
        public void committed() {
            index.committed();
        }
    }

    @Override
    public void prepareForReaders() {
        index.prepareForReaders();
    }
}
