package issueledger.analytics.facts;

import issueledger.axon.EventReader;
import issueledger.axon.EventReader.ReadEvent;
import issueledger.axon.EventReader.UnreadableEvent;
import issueledger.events.EventJson;
import issueledger.events.EventMetadata;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.projections.Generation;
import issueledger.projections.IssueFolds;
import issueledger.projections.IssueFolds.Fold;
import issueledger.projections.ReadModel;
import issueledger.projections.ViewAudit;
import issueledger.projections.ViewsAudit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds batches into facts. All facts are in memory, read from the store once: a process that feeds them writes each change to the store,
 * any other one reads what was written since. If they would take too much of the heap, none is kept and there are no answers; the store is
 * fed on.
 */
final class FactsModel implements ReadModel {
    private static final Logger LOG = LoggerFactory.getLogger(FactsModel.class);

    /** Events that change no facts but the issue's times. */
    private static final Set<String> WITHOUT_FACTS = Set.of(
            "RootCauseRecorded",
            "SolutionProposed",
            "TestingStrategyDefined",
            "TestRunRecorded",
            "NoteRecorded",
            "NoteCorrected",
            "ReferenceAdded",
            "ReferenceRemoved");

    private static final String NO_EFFECTIVE_TIME = "\"effectiveAt\":null";

    private static final int SHOWN_AT_ONCE = 10_000;

    /** Texts that are kept as one object; more are kept as they come. */
    private static final int MOST_SHARED = 200_000;

    private final FactsStore store;
    private final EventReader reader;
    private final long mostBytes;
    private final Map<String, String> shared = new ConcurrentHashMap<>();

    /** Used by the thread that feeds these facts or follows. */
    private final Map<String, IssueFacts> byId = new HashMap<>();

    private volatile Facts facts = Facts.NONE;
    private volatile boolean overfull;
    private long bytes;
    private long lastWrite;

    /** @param mostBytes of heap that the facts may take */
    FactsModel(FactsStore store, EventReader reader, long mostBytes) {
        this.store = store;
        this.reader = reader;
        this.mostBytes = mostBytes;
        refresh();
    }

    Facts facts() {
        return facts;
    }

    /** True if the facts would take too much of the heap. */
    boolean isOverfull() {
        return overfull;
    }

    private String shared(String text) {
        if (overfull) {
            return text;
        }
        if (shared.size() >= MOST_SHARED) {
            return shared.getOrDefault(text, text);
        }
        String known = shared.putIfAbsent(text, text);
        return known == null ? text : known;
    }

    /** Reads the last write again too: its rows need not have been there all at once. */
    @Override
    public void refresh() {
        List<IssueFacts> read = new ArrayList<>();
        lastWrite = store.read(lastWrite, this::shared, issue -> {
            if (!overfull) {
                read.add(issue);
                if (read.size() == SHOWN_AT_ONCE) {
                    show(read);
                    read.clear();
                }
            }
        });
        show(read);
    }

    private void show(Collection<IssueFacts> changed) {
        if (overfull) {
            return;
        }
        List<IssueFacts> numbered = new ArrayList<>(changed.size());
        for (IssueFacts issue : changed) {
            IssueFacts known = byId.get(issue.id());
            IssueFacts now = issue.numbered(known == null ? byId.size() : known.number());
            byId.put(now.id(), now);
            bytes += now.heapBytes() - (known == null ? 0 : known.heapBytes());
            numbered.add(now);
        }
        if (bytes > mostBytes) {
            LOG.warn(
                    "the facts of {} issues would take more than {} MiB of heap: there are no analytics",
                    byId.size(),
                    mostBytes >> 20);
            overfull = true;
            byId.clear();
            shared.clear();
            facts = Facts.NONE;
        } else {
            facts = facts.with(numbered);
        }
    }

    @Override
    public Changes fold(List<RecordedEvent> events) {
        Map<String, List<RecordedEvent>> byIssue = IssueFolds.byIssue(events);
        Map<String, IssueFacts> known = overfull ? store.load(byIssue.keySet(), UnaryOperator.identity()) : byId;
        return new FactsChanges(IssueFolds.of(byIssue, (id, its) -> fold(id, known.get(id), its)));
    }

    private Fold<IssueFacts> fold(String id, @Nullable IssueFacts known, List<RecordedEvent> events) {
        FactsFold fold = new FactsFold(id, known, this::shared);
        long before = fold.seen();
        for (int i = 0; i < events.size(); i++) {
            RecordedEvent event = events.get(i);
            if (event.position() <= fold.seen()) {
                continue; // It is delivered a second time.
            }
            try {
                apply(fold, event);
            } catch (RuntimeException e) {
                // Folded again without this event, which may have changed something before it failed.
                Fold<IssueFacts> good = fold(id, known, events.subList(0, i));
                return new Fold<>(good.view(), new Failure(event, String.valueOf(e.getMessage())));
            }
        }
        return new Fold<>(fold.seen() > before ? fold.facts() : null, null);
    }

    /** Parses no payload that has no facts, and no metadata without an effective time. */
    private void apply(FactsFold fold, RecordedEvent event) {
        if (WITHOUT_FACTS.contains(event.type()) && reader.readsWhatIsStored()) {
            boolean plain = event.metadata().contains(NO_EFFECTIVE_TIME);
            fold.apply(event, plain ? null : metadata(event), List.of());
            return;
        }
        ReadEvent read = reader.read(event);
        try {
            fold.apply(event, read.metadata(), read.events());
        } catch (RuntimeException e) {
            throw new UnreadableEvent(event, "it does not fit the events before it", e);
        }
    }

    private static EventMetadata metadata(RecordedEvent event) {
        try {
            return EventJson.readMetadata(event.metadata());
        } catch (RuntimeException e) {
            throw new UnreadableEvent(event, "its metadata is not that of an event", e);
        }
    }

    @Override
    public void verify(Generation generation, EventLog log, ViewAudit audit) {
        new ViewsAudit<>(new FactsAudit(store, this::apply), generation, log, audit).run();
    }

    private final class FactsChanges implements Changes {
        private final IssueFolds<IssueFacts> folds;

        FactsChanges(IssueFolds<IssueFacts> folds) {
            this.folds = folds;
        }

        @Override
        public Collection<Failure> failures() {
            return folds.failures();
        }

        @Override
        public void write() {
            store.write(folds.changed(), ++lastWrite);
        }

        @Override
        public void committed() {
            show(folds.changed());
        }
    }
}
