package issueledger.tlog;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.projections.Generation;
import issueledger.projections.ReadModel;
import issueledger.projections.ViewAudit;
import issueledger.projections.ViewsDamaged;
import issueledger.tlog.TileStore.StoredTile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends each event's entry to the tree. No event is ever parked: an entry is made of what cannot be unreadable. */
final class TlogModel implements ReadModel {
    private static final int PAGE = 2_000;

    private final Generation generation;
    private final TileStore store;
    private final CheckpointStore checkpoints;
    private final CheckpointCopy copy;
    private @Nullable GrowingTree edge;

    TlogModel(Generation generation, TileStore store, CheckpointStore checkpoints, CheckpointCopy copy) {
        this.generation = generation;
        this.store = store;
        this.checkpoints = checkpoints;
        this.copy = copy;
    }

    /** The tree as far as it is stored now. */
    Tree tree() {
        return new Tree(store, generation.checkpoint().position());
    }

    @Override
    public Changes fold(List<RecordedEvent> events) {
        GrowingTree known = edge;
        if (known == null) {
            known = GrowingTree.load(store, generation.checkpoint().position());
            edge = known;
        }
        GrowingTree next = known.copy();
        long size = next.size();
        List<RecordedEvent> fresh =
                events.stream().filter(event -> event.position() > size).toList();
        if (!fresh.isEmpty() && fresh.getFirst().position() != size + 1) {
            throw new ViewsDamaged("the tree has " + size + " leaves, and the next event has position "
                    + fresh.getFirst().position());
        }
        Leaves.hashes(fresh).forEach(next::append);
        List<StoredTile> changed = new ArrayList<>(next.takeFull());
        changed.addAll(next.takePartial());
        return new Grown(next, changed);
    }

    private final class Grown implements Changes {
        private final GrowingTree next;
        private final List<StoredTile> changed;

        Grown(GrowingTree next, List<StoredTile> changed) {
            this.next = next;
            this.changed = changed;
        }

        @Override
        public List<Failure> failures() {
            return List.of();
        }

        @Override
        public void write() {
            store.write(changed);
        }

        @Override
        public void committed() {
            edge = next;
        }
    }

    /** Compares the tiles, and holds every kept checkpoint against the log, not against the tiles. */
    @Override
    public void verify(Generation of, EventLog log, ViewAudit audit) {
        Tree tree = tree();
        TreeAudit found = new TreeAudit(tree, log, new KeptCheckpoints(checkpoints, copy));
        long to = tree.size();
        for (long position = 0; position < to; ) {
            List<RecordedEvent> page = log.read(position, (int) Math.min(PAGE, to - position));
            if (page.isEmpty()) {
                break;
            }
            found.compare(Leaves.hashes(page));
            position = page.getLast().position();
            audit.compared(0, page.size());
        }
        found.end(audit);
    }
}
