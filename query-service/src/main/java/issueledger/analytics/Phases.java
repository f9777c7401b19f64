package issueledger.analytics;

import issueledger.analytics.facts.Details.Phase;
import issueledger.analytics.facts.IssueFacts;
import issueledger.http.Page;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The phases that were completed in the window, and how far that was from their planned ends. */
record Phases(List<PhasesItem> rows, int doubtful) implements Answer<Phases.PhasesItem> {

    /** @param slippageDays from the planned end to the UTC day of the completion; null without a planned end */
    public record PhasesItem(
            String issueId,
            int phase,
            String name,
            @Nullable LocalDate plannedStart,
            @Nullable LocalDate plannedEnd,
            @Nullable Instant startedAt,
            Instant completedAt,
            @Nullable Long slippageDays) {}

    public record PhasesPage(
            int completed,
            int late,
            @Nullable BigDecimal onTimeFraction,
            Slippage slippageDays,
            List<PhasesItem> items,
            @Nullable String nextCursor,
            int doubtful) {}

    /** In days. */
    public record Slippage(
            @Nullable BigDecimal mean,
            @Nullable BigDecimal p50,
            @Nullable BigDecimal p85,
            @Nullable BigDecimal p95,
            @Nullable BigDecimal max) {}

    static Phases of(List<IssueFacts> issues, Window window) {
        List<PhasesItem> rows = new ArrayList<>();
        Set<IssueFacts> counted = new LinkedHashSet<>();
        for (IssueFacts issue : issues) {
            List<Phase> phases = issue.hasPhases() ? issue.phases() : List.of();
            int before = rows.size();
            for (int i = 0; i < phases.size(); i++) {
                Instant completedAt = phases.get(i).completedAt();
                if (completedAt != null && window.contains(completedAt.toEpochMilli())) {
                    rows.add(item(issue, i + 1, phases.get(i), completedAt));
                }
            }
            if (rows.size() > before) {
                counted.add(issue);
            }
        }
        return new Phases(rows, Doubts.among(counted, window));
    }

    private static PhasesItem item(IssueFacts issue, int number, Phase phase, Instant completedAt) {
        LocalDate end = phase.plannedEnd();
        return new PhasesItem(
                issue.id(),
                number,
                phase.name(),
                phase.plannedStart(),
                end,
                phase.startedAt(),
                completedAt,
                end == null ? null : ChronoUnit.DAYS.between(end, LocalDate.ofInstant(completedAt, ZoneOffset.UTC)));
    }

    private LongStream slippages() {
        return rows.stream()
                .map(PhasesItem::slippageDays)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue);
    }

    @Override
    public Class<PhasesItem> itemType() {
        return PhasesItem.class;
    }

    @Override
    public Listing<?, PhasesItem> listing() {
        return Listing.of(
                rows, row -> new Listing.Key(row.completedAt().toEpochMilli(), row.issueId(), row.phase()), row -> row);
    }

    @Override
    public Object json(Page<PhasesItem> page) {
        Distribution slippage = Distribution.days(slippages());
        long late = slippages().filter(days -> days > 0).count();
        return new PhasesPage(
                rows.size(),
                (int) late,
                Distribution.fraction(slippage.count() - late, slippage.count()),
                new Slippage(
                        slippage.mean(),
                        slippage.percentile(50),
                        slippage.percentile(85),
                        slippage.percentile(95),
                        slippage.max()),
                page.items(),
                page.nextCursor(),
                doubtful);
    }
}
