package issueledger.metrics;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import issueledger.events.MetricKind;
import issueledger.events.MetricRun;
import issueledger.events.MetricSeries;
import issueledger.http.Page;
import issueledger.issues.IssueLookup;
import issueledger.issues.IssueView;
import issueledger.issues.IssueView.MetricRecord;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The metric series of an issue. */
@RestController
class MetricsController {
    private final IssueLookup issues;

    MetricsController(IssueLookup issues) {
        this.issues = issues;
    }

    /** A series, its improvement in percent, and its records in the order of their positions. */
    record Series(
            @JsonUnwrapped MetricSeries series, @Nullable BigDecimal improvementPercent, List<Measured> records) {}

    record Measured(
            long number,
            boolean withdrawn,
            MetricKind kind,
            BigDecimal value,
            Instant measuredAt,
            Instant recordedAt,
            @Nullable String source,
            List<BigDecimal> samples,
            @Nullable MetricRun run,
            String by) {
        static Measured of(MetricRecord record) {
            return new Measured(
                    record.number(),
                    record.withdrawn(),
                    record.metric().kind(),
                    record.metric().value(),
                    record.measuredAt(),
                    record.recordedAt(),
                    record.metric().source(),
                    record.metric().samples(),
                    record.metric().run(),
                    record.by());
        }
    }

    @GetMapping(path = "/issues/{id}/metrics", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Page<Series>> metrics(@PathVariable String id, HttpServletRequest request) {
        IssueLookup.Found found = issues.find(id, request);
        return found.answer().body(Page.last(series(found.view())));
    }

    private static List<Series> series(IssueView view) {
        return view.metrics().stream()
                .map(series -> new Series(
                        series,
                        series.improvementPercent(),
                        view.metricRecords().stream()
                                .filter(record ->
                                        MetricSeries.Key.of(record.metric()).equals(series.key()))
                                .map(Measured::of)
                                .toList()))
                .toList();
    }
}
