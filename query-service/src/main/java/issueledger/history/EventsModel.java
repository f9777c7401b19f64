package issueledger.history;

import issueledger.history.EventIndex.Entry;
import issueledger.log.RecordedEvent;
import issueledger.projections.ReadModel;
import java.util.List;

/** Indexes events by type, issue and actor. Payloads are not read. */
final class EventsModel implements ReadModel {
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
