package issueledger.issues;

import issueledger.issues.IssueQuery.Cursor;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The views before the first event. */
final class NoIssues implements Issues {
    @Override
    public Map<String, Stored> load(Collection<String> ids) {
        return Map.of();
    }

    @Override
    public void save(Collection<Stored> changed) {
        throw new IllegalStateException("nothing is stored here");
    }

    @Override
    public Optional<Stored> find(String id) {
        return Optional.empty();
    }

    @Override
    public Optional<Answer> answer(String id) {
        return Optional.empty();
    }

    @Override
    public List<Row> list(IssueQuery query, @Nullable Cursor cursor, int limit) {
        return List.of();
    }

    @Override
    public List<Found> after(@Nullable Found last) {
        return List.of();
    }

    @Override
    public Optional<Found> found(String id) {
        return Optional.empty();
    }
}
