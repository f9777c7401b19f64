package issueledger.evidence;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;

import issueledger.evidence.ChangePoints.ChangePoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The changes within a series, by hand and as Apache Otava finds them. */
class ChangePointsTest {
    private static final int SYNTHETIC = 200;
    private static final int DIFFERENT = 16;

    private static List<Integer> indexes(List<ChangePoint> points) {
        return points.stream().map(ChangePoint::index).toList();
    }

    private static double[] levels(double... lengthAndLevel) {
        DoubleStream all = DoubleStream.empty();
        int n = 0;
        for (int i = 0; i < lengthAndLevel.length; i += 2) {
            for (int j = 0; j < lengthAndLevel[i]; j++) {
                // A noise of 1 % that repeats itself.
                all = DoubleStream.concat(all, DoubleStream.of(lengthAndLevel[i + 1] * (1 + (n % 3 - 1) * 0.01)));
                n++;
            }
        }
        return all.toArray();
    }

    @Test
    void a_series_on_one_level_has_no_change() {
        assertThat(ChangePoints.of(levels(100, 50))).isEmpty();
        assertThat(ChangePoints.of(levels(1, 50))).isEmpty();
        assertThat(ChangePoints.of(levels(2, 50))).isEmpty();
        assertThat(ChangePoints.of(new double[0])).isEmpty();
        assertThat(ChangePoints.of(new double[100])).isEmpty();
        assertThat(ChangePoints.of(new double[] {1, 2, 1e30, -5})).isEmpty();
    }

    @Test
    void each_change_of_the_level_is_found_with_its_segments() {
        assertThat(ChangePoints.of(levels(40, 50, 25, 60, 30, 40)))
                .extracting(ChangePoint::index, ChangePoint::from, ChangePoint::to)
                .containsExactly(tuple(40, 0, 65), tuple(65, 40, 95));
        assertThat(ChangePoints.of(levels(40, 50, 25, 60, 30, 40)))
                .allSatisfy(point -> assertThat(point.p()).isBetween(0.0, 0.001));
    }

    @Test
    void levels_without_noise_differ_at_once_and_one_of_them_may_be_0() {
        double[] series = new double[20];
        Arrays.fill(series, 10, 20, 7);
        assertThat(indexes(ChangePoints.of(series))).containsExactly(10);
        Arrays.fill(series, 0, 10, 6);
        assertThat(indexes(ChangePoints.of(series))).containsExactly(10);
    }

    @Test
    void a_change_of_less_than_5_percent_is_none() {
        assertThat(indexes(ChangePoints.of(levels(40, 50, 40, 52.7)))).containsExactly(40);
        assertThat(ChangePoints.of(levels(40, 50, 40, 52.3))).isEmpty();
    }

    /** Levels of 5 to 60 values with noise of 1 to 10 %, some of it with long tails. */
    private static List<double[]> synthetic() {
        Random random = new Random(24);
        List<double[]> series = new ArrayList<>();
        for (int i = 0; i < SYNTHETIC; i++) {
            double noise = 0.01 + 0.09 * random.nextDouble();
            boolean tails = random.nextInt(3) == 0;
            DoubleStream values = DoubleStream.empty();
            double level = 100;
            for (int segments = 1 + random.nextInt(5); segments > 0; segments--) {
                double mean = level;
                double[] segment = random.doubles(5 + random.nextInt(56))
                        .map(unused -> mean
                                * Math.exp(noise
                                        * random.nextGaussian()
                                        * (tails ? Math.exp(random.nextGaussian() / 2) : 1)))
                        .map(value -> Math.rint(value * 1_000) / 1_000)
                        .toArray();
                values = DoubleStream.concat(values, Arrays.stream(segment));
                level *= random.nextInt(4) == 0 ? 1.03 : 0.7 + 0.7 * random.nextDouble();
            }
            series.add(values.toArray());
        }
        return series;
    }

    private static String text(List<Integer> indexes) {
        return indexes.stream().map(String::valueOf).collect(joining(" "));
    }

    private static List<String> resource(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ChangePointsTest.class.getResourceAsStream("/evidence/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** The file is what {@code otava_changes.py}, which stands beside it, writes of these series. */
    @Test
    void with_the_departures_of_otava_they_are_those_of_otava() throws IOException {
        assertThat(synthetic().stream()
                        .map(series -> text(indexes(ChangePoints.asOtava(series))))
                        .toList())
                .isEqualTo(resource("otava-changes.txt"));
    }

    /**
     * Otava gives SciPy's t-test {@code numpy.std}, the deviation of a population, where it expects that of a sample: its p is too small, and the
     * smaller the segment the more. And when it merges a weak change, it tests the wrong neighbour anew. So a few series differ.
     */
    @Test
    void without_otavas_two_departures_few_series_differ() throws IOException {
        List<String> otava = resource("otava-changes.txt");
        List<double[]> series = synthetic();
        int differ = 0;
        for (int i = 0; i < series.size(); i++) {
            String ours = text(indexes(ChangePoints.of(series.get(i))));
            differ += ours.equals(otava.get(i)) ? 0 : 1;
        }
        assertThat(differ).isEqualTo(DIFFERENT);
    }

    /** Asks Otava itself, in a virtual environment, about these series and those of its own samples. */
    @Test
    @Tag("full")
    void otava_itself_finds_the_same_in_its_samples_and_in_these_series() throws Exception {
        assumeThat(runs("python3", "-m", "venv", "--help") || "true".equals(System.getenv("CI")))
                .as("Python is not installed, so that Otava is not asked")
                .isTrue();
        Path place = Path.of("target", "otava").toAbsolutePath();
        Path python = place.resolve("bin/python");
        if (!Files.exists(place.resolve("samples"))) {
            run("", "python3", "-m", "venv", place.toString());
            run(
                    "",
                    python.toString(),
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--no-deps",
                    "apache-otava==0.8.0",
                    "numpy==2.2.0",
                    "scipy==1.16.3");
            run(
                    "",
                    python.toString(),
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--no-deps",
                    "--no-binary",
                    "apache-otava",
                    "--dest",
                    place.resolve("samples").toString(),
                    "apache-otava==0.8.0");
        }
        List<double[]> series = new ArrayList<>(synthetic());
        series.addAll(samples(place.resolve("samples")));
        assertThat(series).hasSizeGreaterThan(SYNTHETIC + 2);
        String text = series.stream()
                .map(one -> Arrays.stream(one).mapToObj(Double::toString).collect(joining(" ")))
                .collect(joining("\n"));

        List<String> otava = run(text, python.toString(), "src/test/resources/evidence/otava_changes.py")
                .lines()
                .toList();

        assertThat(otava.subList(0, SYNTHETIC)).isEqualTo(resource("otava-changes.txt"));
        assertThat(series.stream()
                        .map(one -> text(indexes(ChangePoints.asOtava(one))))
                        .toList())
                .isEqualTo(otava);
    }

    /** The columns {@code metric…} of the CSV files that Otava is delivered with. */
    private static List<double[]> samples(Path folder) throws Exception {
        run("", "tar", "-xzf", folder.resolve("apache_otava-0.8.0.tar.gz").toString(), "-C", folder.toString());
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(".csv"))
                    .sorted()
                    .toList();
        }
        List<double[]> samples = new ArrayList<>();
        for (Path file : files) {
            List<String[]> rows = Files.readAllLines(file).stream()
                    .map(line -> line.split("[,;]"))
                    .toList();
            for (int i = 0; i < rows.get(0).length; i++) {
                int column = i;
                if (rows.get(0)[i].startsWith("metric")) {
                    samples.add(rows.stream()
                            .skip(1)
                            .mapToDouble(row -> Double.parseDouble(row[column]))
                            .toArray());
                }
            }
        }
        return samples;
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The output of a command that must succeed. */
    private static String run(String input, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!input.isEmpty()) {
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
        return output;
    }
}
