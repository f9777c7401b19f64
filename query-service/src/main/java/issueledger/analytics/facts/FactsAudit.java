package issueledger.analytics.facts;

import issueledger.log.RecordedEvent;
import issueledger.projections.AuditedViews;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The facts of a generation, as they are compared with the log. */
final class FactsAudit implements AuditedViews<StoredFacts> {
    private static final int PAGE = 1_000;

    private final FactsStore store;
    private final BiConsumer<FactsFold, RecordedEvent> apply;

    FactsAudit(FactsStore store, BiConsumer<FactsFold, RecordedEvent> apply) {
        this.store = store;
        this.apply = apply;
    }

    @Override
    public String id(StoredFacts stored) {
        return stored.id();
    }

    @Override
    public long seen(StoredFacts stored) {
        return stored.seen();
    }

    @Override
    public List<StoredFacts> after(@Nullable StoredFacts last) {
        return store.after(last == null ? "" : last.id(), PAGE);
    }

    @Override
    public Optional<StoredFacts> found(String id) {
        return store.found(id);
    }

    @Override
    public Fold<StoredFacts> fold(String id) {
        FactsFold fold = new FactsFold(id, null, UnaryOperator.identity());
        return new Fold<>() {
            @Override
            public void apply(RecordedEvent event) {
                apply.accept(fold, event);
            }

            @Override
            public @Nullable String difference(StoredFacts stored) {
                if (!stored.isIntact()) {
                    return "the facts for analytics are not as they were written";
                }
                return Arrays.equals(stored.bytes(), fold.facts().stored())
                        ? null
                        : "the facts for analytics are not what its events fold to";
            }
        };
    }
}
