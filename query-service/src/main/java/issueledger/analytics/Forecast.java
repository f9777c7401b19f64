package issueledger.analytics;

import issueledger.analytics.facts.IssueFacts;
import issueledger.http.Page;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The days until the issues that are open at the window's end are closed, by Monte Carlo simulation: a run draws blocks of 7 days from the
 * last ones, with as many closings as they had, until there are enough. {@link Random} is used because its numbers are specified: a seed
 * gives the same answer everywhere.
 */
public record Forecast(
        int open,
        int window,
        long seed,
        @Nullable BigDecimal p50,
        @Nullable BigDecimal p85,
        @Nullable BigDecimal p95,
        int doubtful)
        implements Answer<Forecast> {
    public static final int MOST_BLOCKS = 104;
    public static final int DEFAULT_BLOCKS = 12;
    public static final long DEFAULT_SEED = 1;

    private static final int DAYS = 7;
    private static final long BLOCK = Duration.ofDays(DAYS).toMillis();
    private static final int RUNS = 10_000;
    private static final int LEAST_CLOSED = 10;

    /** A run that would draw more blocks on average is drawn from the normal distribution that their number tends to. */
    private static final int MOST_DRAWS = 2_000;

    static Forecast of(List<IssueFacts> issues, Window window, int blocks, long seed) {
        int[] closings = new int[blocks];
        List<IssueFacts> counted = new ArrayList<>();
        int open = 0;
        int closed = 0;
        for (IssueFacts issue : issues) {
            int last = issue.lastChangeBefore(window.to());
            boolean isOpen = last >= 0 && !issue.change(last).isClosing();
            open += isOpen ? 1 : 0;
            closed += last >= 0 && !isOpen ? 1 : 0;
            if (countClosings(issue, window, closings) || isOpen) {
                counted.add(issue);
            }
        }
        if (closed < LEAST_CLOSED) {
            String detail = "has " + closed + " closed issues; a forecast needs at least " + LEAST_CLOSED;
            throw new Problem(ProblemType.INVALID, "The ledger, as far as it is asked about, " + detail + ".")
                    .at("parameter", "to", detail);
        }
        long[] days = days(open, closings, new Random(seed));
        Distribution runs = Distribution.days(LongStream.of(days));
        return new Forecast(
                open,
                blocks,
                seed,
                runs.percentile(50),
                runs.percentile(85),
                runs.percentile(95),
                Doubts.among(counted, window));
    }

    /** Adds the issue's closings to the blocks, of which the last one ends at the window's end; true if there are any. */
    private static boolean countClosings(IssueFacts issue, Window window, int[] closings) {
        boolean any = false;
        for (int i = 0; i < issue.changeCount(); i++) {
            long ago = window.to() - 1 - issue.changedAt(i);
            if (issue.change(i).isClosing() && ago >= 0 && ago / BLOCK < closings.length) {
                closings[(int) (ago / BLOCK)]++;
                any = true;
            }
        }
        return any;
    }

    /** The days of each run; of no run if no block has a closing. */
    private static long[] days(int open, int[] closings, Random random) {
        long sum = Arrays.stream(closings).asLongStream().sum();
        if (open > 0 && sum == 0) {
            return new long[0];
        }
        double mean = (double) sum / closings.length;
        boolean isShort = open <= MOST_DRAWS * mean;
        long[] days = new long[RUNS];
        for (int run = 0; run < RUNS; run++) {
            days[run] = DAYS * (isShort ? draws(open, closings, random) : manyDraws(open, closings, mean, random));
        }
        return days;
    }

    private static long draws(int open, int[] closings, Random random) {
        long draws = 0;
        for (long left = open; left > 0; draws++) {
            left -= closings[random.nextInt(closings.length)];
        }
        return draws;
    }

    /** The central limit theorem of renewal theory: mean n / μ, variance n σ² / μ³. */
    private static long manyDraws(int open, int[] closings, double mean, Random random) {
        double variance = Arrays.stream(closings)
                .mapToDouble(block -> (block - mean) * (block - mean))
                .average()
                .orElse(0);
        double draws = open / mean + Math.sqrt(open * variance / (mean * mean * mean)) * random.nextGaussian();
        int most = Arrays.stream(closings).max().orElse(1);
        return (long) Math.ceil(Math.max((double) open / most, draws));
    }

    @Override
    public Class<Forecast> itemType() {
        return Forecast.class;
    }

    @Override
    public Listing<?, Forecast> listing() {
        return Listing.ofRows(List.of(this));
    }

    @Override
    public Object json(Page<Forecast> page) {
        return this;
    }
}
