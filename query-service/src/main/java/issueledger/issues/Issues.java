package issueledger.issues;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import issueledger.events.EventJson;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.issues.IssueView.MetricRecord;
import issueledger.issues.IssueView.PhaseStatus;
import issueledger.projections.ViewAudit;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** The issue views of one generation. A view is stored as its JSON text, so that decimals stay exact and a read is a copy. */
public interface Issues {
    TypeReference<List<MetricRecord>> RECORDS = new TypeReference<>() {};

    /**
     * One issue's stored state.
     *
     * @param seen the last position that was folded
     */
    record Stored(String id, long seen, IssueView view) {}

    /** An issue's JSON in UTF-8 with its version. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Answer(long version, byte[] json) {}

    /** A row of a page: the item's JSON, which is also how it is answered, and the key that it was sorted by. */
    record Row(String id, @JsonRawValue @JsonValue String item, long key) {}

    /** Loads views for a fold; those that are not stored are missing. */
    Map<String, Stored> load(Collection<String> ids);

    /** Writes views; called in the store's transaction, if it has one. */
    void save(Collection<Stored> changed);

    /** Called after the commit of {@link #save}. */
    default void committed(Collection<Stored> changed) {}

    /** Makes what only readers need, after a first fill. Idempotent. */
    default void prepareForReaders() {}

    Optional<Stored> find(String id);

    /** The stored JSON, without parsing it. */
    Optional<Answer> answer(String id);

    /** One page of the list in the query's order, after the cursor. */
    List<Row> list(IssueQuery query, IssueQuery.@Nullable Cursor cursor, int limit);

    /** A stored view, as a verification compares it. */
    interface Found {
        String id();

        /** The last position that was folded. */
        long seen();

        /** How it differs from a view that was folded again, for a person; null if it does not. */
        @Nullable
        String difference(Stored folded);
    }

    /** Some stored views in the store's order, as they are at one moment: those after the given one, none at the end. */
    List<Found> after(@Nullable Found last);

    /** One stored view. */
    Optional<Found> found(String id);

    /** Compares what lists are read from with the views. */
    default void verifyIndex(ViewAudit audit) {}

    /** One line of the list. */
    record Item(
            String id,
            String title,
            Status status,
            @Nullable Severity severity,
            @Nullable String assignee,
            List<String> labels,
            long version,
            @Nullable PhaseOf phase,
            Instant openedAt,
            Instant updatedAt) {
        static String json(IssueView view) {
            return EventJson.MAPPER.writeValueAsString(new Item(
                    view.id(),
                    view.title(),
                    view.status(),
                    view.severity(),
                    view.assignee(),
                    view.labels(),
                    view.version(),
                    PhaseOf.of(view),
                    view.openedAt(),
                    view.updatedAt()));
        }
    }

    /** The running phase and the number of phases. */
    record PhaseOf(@Nullable Integer current, int of) {
        static @Nullable PhaseOf of(IssueView view) {
            Integer current = view.phases().stream()
                    .filter(phase -> phase.status() == PhaseStatus.RUNNING)
                    .map(IssueView.Phase::number)
                    .findFirst()
                    .orElse(null);
            return view.phases().isEmpty()
                    ? null
                    : new PhaseOf(current, view.phases().size());
        }
    }
}
