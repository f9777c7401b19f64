package issueledger.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs README's tour. A block {@code console} has commands after {@code $}, going on in the next lines while a single quote is open,
 * each with the output that follows it.
 */
class TourTest {
    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final String END_OF_OUTPUT = "\u001e\n";

    private record Step(String command, String output) {}

    @Test
    void the_tour_prints_what_the_readme_says(@TempDir Path folder) throws Exception {
        List<Step> tour = tour();
        assertThat(tour).hasSizeGreaterThan(12);

        try (Ledger ledger = Ledger.start(folder.resolve("data"))) {
            String script = tour.stream()
                    .map(step -> step.command() + "\nprintf '\\036\\n'\n")
                    .collect(Collectors.joining())
                    .replace("8080", Integer.toString(ledger.commandPort()))
                    .replace("8081", Integer.toString(ledger.queryPort()));
            List<String> printed = run(script, folder.resolve("tour.sh"));

            assertThat(printed).hasSameSizeAs(tour);
            for (int i = 0; i < tour.size(); i++) {
                assertThat(steady(printed.get(i)))
                        .as(tour.get(i).command())
                        .isEqualTo(steady(tour.get(i).output()));
            }
        }
    }

    private static List<Step> tour() throws IOException {
        List<Step> steps = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(Ledger.home().resolve("README.md")));
        while (block.find()) {
            for (String part : ("\n" + block.group(1)).split("\n\\$ ", -1)) {
                if (!part.isBlank()) {
                    steps.add(step(part.lines().toList()));
                }
            }
        }
        return steps;
    }

    private static Step step(List<String> lines) {
        int end = 1;
        while (isQuoteOpen(String.join("\n", lines.subList(0, end)))) {
            end++;
        }
        List<String> output = lines.subList(end, lines.size());
        return new Step(
                String.join("\n", lines.subList(0, end)),
                output.stream().map(line -> line + "\n").collect(Collectors.joining()));
    }

    private static boolean isQuoteOpen(String command) {
        return command.chars().filter(c -> c == '\'').count() % 2 == 1;
    }

    private static List<String> run(String script, Path file) throws IOException, InterruptedException {
        Files.writeString(file, script);
        Process bash = new ProcessBuilder("bash", file.toString())
                .directory(Ledger.home().toFile())
                .redirectErrorStream(true)
                .start();
        String printed = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).as(printed).isZero();
        return List.of(printed.split(END_OF_OUTPUT));
    }

    /** The output with placeholders for values that differ in each run: times, hashes, trace ids and UUIDs. */
    private static String steady(String output) {
        return output.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", "<time>")
                .replaceAll("\\b[0-9a-f]{64}\\b", "<hash>")
                .replaceAll("\\b[0-9a-f]{32}\\b", "<trace>")
                .replaceAll("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b", "<uuid>");
    }
}
