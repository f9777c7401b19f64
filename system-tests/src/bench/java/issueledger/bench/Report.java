package issueledger.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The table of results, in Markdown. */
final class Report {
    private final List<String> lines = new ArrayList<>();
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.MINUTES);

    void row(String name) {
        System.out.println("---- " + name);
    }

    /** @param met null where the line has no goal */
    void line(String work, String figure, String baseline, String ratio, String goal, @Nullable Boolean met) {
        String verdict = met == null ? "" : met ? "met" : "missed";
        String line = "| " + String.join(" | ", work, figure, baseline, ratio, goal, verdict) + " |";
        System.out.println(line);
        lines.add(line);
    }

    void failed(String name, Exception e) {
        line(name, "could not be measured: " + e.getMessage(), "", "", "", false);
    }

    void write(Path file) throws IOException {
        List<String> text = new ArrayList<>();
        text.add(began + ", " + machine());
        text.add("");
        text.add("| work | measured | baseline | ratio | goal | |");
        text.add("|---|---|---|---|---|---|");
        text.addAll(lines);
        String table = String.join("\n", text) + "\n";
        System.out.println("\n" + table);
        Files.createDirectories(file.getParent());
        Files.writeString(file, table);
    }

    private static String machine() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        String cpu = !Files.exists(info)
                ? System.getProperty("os.arch")
                : Files.readAllLines(info).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).trim())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
        return cpu + ", " + Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("java.vm.name")
                + " " + Runtime.version();
    }

    static String count(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }

    static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%,.0f ms", millis);
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
