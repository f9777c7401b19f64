package issueledger.metrics;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import issueledger.events.MetricKind;
import issueledger.events.MetricRun;
import issueledger.events.MetricSeries;
import issueledger.evidence.MetricVerdict;
import issueledger.http.Page;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.issues.IssueLookup;
import issueledger.issues.IssueView;
import issueledger.issues.IssueView.MetricRecord;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The metric series of an issue. */
@RestController
class MetricsController {
    private final IssueLookup issues;

    MetricsController(IssueLookup issues) {
        this.issues = issues;
    }

    /** A series, its improvement in percent, its records in the order of their positions, and the verdict on two of them. */
    record Series(
            @JsonUnwrapped MetricSeries series,
            @Nullable BigDecimal improvementPercent,
            List<Measured> records,
            @Nullable MetricVerdict verdict) {
        static Series of(MetricSeries series, List<MetricRecord> records, BigDecimal effect) {
            return new Series(
                    series,
                    series.improvementPercent(),
                    records.stream().map(Measured::of).toList(),
                    MetricVerdict.of(series.better(), records, effect));
        }
    }

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
    ResponseEntity<Page<Series>> metrics(
            @PathVariable String id, @RequestParam @Nullable String effect, HttpServletRequest request) {
        BigDecimal smallest = Parameters.fraction("effect", effect, MetricVerdict.DEFAULT_EFFECT);
        IssueLookup.Found found = issues.find(id, request);
        return found.answer().body(Page.last(series(found.view(), smallest)));
    }

    private static List<Series> series(IssueView view, BigDecimal effect) {
        Map<MetricSeries.Key, List<MetricRecord>> records = view.metricRecords().stream()
                .collect(Collectors.groupingBy(record -> MetricSeries.Key.of(record.metric())));
        return view.metrics().stream()
                .map(series -> Series.of(series, records.getOrDefault(series.key(), List.of()), effect))
                .toList();
    }

    @GetMapping(path = "/issues/{id}/metrics/{number}/changes", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Page<LevelChange>> changes(
            @PathVariable String id, @PathVariable String number, HttpServletRequest request) {
        IssueLookup.Found found = issues.find(id, request);
        IssueView view = found.view();
        MetricRecord asked = view.metricRecords().stream()
                .filter(record -> Long.toString(record.number()).equals(number))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        ProblemType.NOT_FOUND,
                        "The issue has no metric record of this number; it has "
                                + view.metricRecords().size() + ", which are numbered from 1."));
        return found.answer().body(Page.last(LevelChange.of(view, MetricSeries.Key.of(asked.metric()))));
    }
}
