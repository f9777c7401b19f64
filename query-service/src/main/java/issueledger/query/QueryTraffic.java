package issueledger.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.admission.Traffic;
import issueledger.log.EventLog;
import issueledger.projections.Projections;
import issueledger.projections.ReadYourWritesFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/** The query service's traffic, for admission. */
@Component
class QueryTraffic implements Traffic {
    private static final String STREAM = "/events/stream";
    private static final Pattern LONG =
            Pattern.compile("/events.*|/issues/[^/]+/(events|proof)|/audit/(export|verify)|/analytics/.*");

    private final EventLog log;
    /** Obtained late: the views depend on admission, through {@code LargeIssues}. */
    private final SingletonSupplier<Projections> projections;

    QueryTraffic(EventLog log, ObjectProvider<Projections> projections) {
        this.log = log;
        this.projections = SingletonSupplier.of(projections::getObject);
    }

    @Override
    public Lane laneOf(String path, @Nullable String query) {
        String decoded = decoded(path);
        if (decoded.equals(STREAM)) {
            return Lane.STREAM;
        }
        boolean asOf = query != null && query.contains("asOf=") && decoded.equals("/issues");
        return asOf || LONG.matcher(decoded).matches() ? Lane.LONG : Lane.SINGLE;
    }

    /** As Spring finds the handler, so that no escape leads to another lane. */
    private static String decoded(String path) {
        try {
            return path.indexOf('%') < 0 ? path : StringUtils.uriDecode(path, UTF_8);
        } catch (IllegalArgumentException e) {
            return path; // It is refused.
        }
    }

    @Override
    public Map<String, String> headers() {
        return Map.of(
                ReadYourWritesFilter.POSITION,
                Long.toString(projections.obtain().position()));
    }

    @Override
    public int singleBytes() {
        return 4 * 1024 * 1024; // A page of 200 issues with a hundred long labels each.
    }

    @Override
    public int longBytes() {
        return 6 * 1024 * 1024;
    }

    /** Two lists, and the first issue of the log if there is one. */
    @Override
    public List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        samples.add(get("/issues", "limit=10"));
        samples.add(get("/issues", "status=OPEN&sort=-openedAt"));
        log.read(0, 1).stream().map(event -> "/issues/" + event.stream()).forEach(issue -> {
            samples.add(get(issue, ""));
            samples.add(get(issue + "/timeline", ""));
            samples.add(get(issue + "/metrics", ""));
        });
        return samples;
    }

    private static Sample get(String path, String query) {
        return new Sample("GET", path, query, "");
    }
}
