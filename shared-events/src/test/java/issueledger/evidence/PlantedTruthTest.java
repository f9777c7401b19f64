package issueledger.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.Better;
import issueledger.evidence.MetricVerdict.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Verdicts on samples whose truth is known; the figures stand in docs/evidence.md. */
class PlantedTruthTest {
    private static final int PAIRS = 1_000;
    private static final int SAMPLES = 10;
    private static final Path DOCUMENT = Path.of("..", "docs", "evidence.md");

    /** Set it to write the figures anew: {@code -Devidence.record=true}. */
    private static final boolean RECORDING = Boolean.getBoolean("evidence.record");

    private enum Noise {
        NORMAL {
            @Override
            double factor(Random random, double noise) {
                return 1 + noise * random.nextGaussian();
            }
        },
        LOG_NORMAL {
            @Override
            double factor(Random random, double noise) {
                return StrictMath.exp(noise * random.nextGaussian());
            }
        },
        /** A run is on one of two levels, with a little noise on each. */
        BIMODAL {
            @Override
            double factor(Random random, double noise) {
                return 1 + noise * ((random.nextBoolean() ? 1 : -1) + random.nextGaussian() / 4);
            }
        };

        abstract double factor(Random random, double noise);
    }

    /** The noise as a standard deviation, and measured / baseline − 1, both in percent. */
    private record Truth(Noise noise, int percent, int shift) {}

    /** Of 1,000 pairs. LOWER is better. */
    private record Found(int better, int worse) {}

    private static Found found(Truth truth, Random random) {
        int better = 0;
        int worse = 0;
        for (int i = 0; i < PAIRS; i++) {
            List<BigDecimal> baseline = samples(truth, 0, random);
            List<BigDecimal> measured = samples(truth, truth.shift(), random);
            Comparison comparison = Comparison.of(baseline, measured);
            Outcome outcome = comparison.outcome(Better.LOWER, MetricVerdict.DEFAULT_EFFECT, comparison.p());
            better += outcome == Outcome.BETTER ? 1 : 0;
            worse += outcome == Outcome.WORSE ? 1 : 0;
        }
        return new Found(better, worse);
    }

    private static List<BigDecimal> samples(Truth truth, int shift, Random random) {
        return IntStream.range(0, SAMPLES)
                .mapToObj(i -> BigDecimal.valueOf((100 + shift) * truth.noise().factor(random, truth.percent() / 100.0))
                        .setScale(6, RoundingMode.HALF_UP))
                .toList();
    }

    @Test
    void verdicts_find_what_was_planted_and_little_else() throws IOException {
        Random random = new Random(24);
        Map<Truth, Found> all = new LinkedHashMap<>();
        for (Noise noise : Noise.values()) {
            for (int percent : new int[] {1, 3, 10}) {
                for (int shift : new int[] {0, 3, 10, 30, -3, -10, -30}) {
                    Truth truth = new Truth(noise, percent, shift);
                    all.put(truth, found(truth, random));
                }
            }
        }
        all.forEach((truth, found) -> {
            if (truth.shift() == 0) {
                assertThat(found.better() + found.worse()).as("%s", truth).isLessThanOrEqualTo(PAIRS / 100);
            }
            int right = truth.shift() > 0 ? found.worse() : found.better();
            boolean great = Math.abs(truth.shift()) == 30 || (Math.abs(truth.shift()) == 10 && truth.percent() == 1);
            if (truth.noise() != Noise.BIMODAL && great) {
                // 30 % up is a factor of 1.3, 30 % down one of 1 / 1.43: in noise of 10 % the one is harder to show
                // than the other.
                boolean hard = truth.shift() > 0 && truth.percent() == 10;
                assertThat(right).as("%s", truth).isGreaterThanOrEqualTo(PAIRS * (hard ? 90 : 95) / 100);
            }
        });

        String table = table(all);
        if (RECORDING) {
            String text = Files.readString(DOCUMENT);
            Files.writeString(
                    DOCUMENT,
                    text.replaceFirst(
                            "(?s)\\| noise \\|.*?\n\n", java.util.regex.Matcher.quoteReplacement(table) + "\n"));
        }
        assertThat(Files.readString(DOCUMENT)).contains(table);
    }

    /** In percent of the pairs: BETTER / WORSE. */
    private static String table(Map<Truth, Found> all) {
        StringBuilder table = new StringBuilder("| noise | none | +3 % | +10 % | +30 % | −3 % | −10 % | −30 % |\n");
        table.append("|---|---|---|---|---|---|---|---|\n");
        all.forEach((truth, found) -> {
            if (truth.shift() == 0) {
                table.append("| ")
                        .append(truth.noise().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .append(", ")
                        .append(truth.percent())
                        .append(" % |");
            }
            table.append(' ')
                    .append(percent(found.better()))
                    .append(" / ")
                    .append(percent(found.worse()))
                    .append(" |");
            if (truth.shift() == -30) {
                table.append('\n');
            }
        });
        return table.toString();
    }

    private static String percent(int pairs) {
        return BigDecimal.valueOf(pairs, 1).stripTrailingZeros().toPlainString();
    }
}
