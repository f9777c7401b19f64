package issueledger.cli.evidence;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What CI's variables, git and the machine say of a run. Where none says it, it is null. */
final class Circumstances {
    private static final List<String> COMMITS =
            List.of("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT", "BUILDKITE_COMMIT");
    private static final List<String> BASES = List.of("CI_MERGE_REQUEST_DIFF_BASE_SHA");
    private static final List<String> BUILDS =
            List.of("GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILD_TAG", "BUILDKITE_BUILD_ID");
    private static final List<String> PAGES = List.of("CI_JOB_URL", "BUILD_URL", "BUILDKITE_BUILD_URL");

    private static final long GIBIBYTE = 1L << 30;

    private final Map<String, String> environment;

    Circumstances(Map<String, String> environment) {
        this.environment = environment;
    }

    private @Nullable String first(List<String> variables) {
        return variables.stream()
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .findFirst()
                .orElse(null);
    }

    /** The commit that is measured: of the CI's variables, else of the git repository of the working directory. */
    @Nullable
    String commit() {
        String told = first(COMMITS);
        return told == null ? head() : told;
    }

    @Nullable
    String baselineCommit() {
        return first(BASES);
    }

    /** The build's id. */
    @Nullable
    String build() {
        return first(BUILDS);
    }

    /** Where the build's output is. */
    @Nullable
    String url() {
        String server = environment.get("GITHUB_SERVER_URL");
        String repository = environment.get("GITHUB_REPOSITORY");
        String run = environment.get("GITHUB_RUN_ID");
        return server == null || repository == null || run == null
                ? first(PAGES)
                : server + "/" + repository + "/actions/runs/" + run;
    }

    private static @Nullable String head() {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "HEAD")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 && !commit.isEmpty() ? commit : null;
        } catch (IOException e) {
            return null; // There is no git.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** The machine: processor, cores, memory, kernel. */
    static String machine() {
        String machine = processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, " + memory()
                + " GiB, " + System.getProperty("os.name") + " " + System.getProperty("os.version");
        String line = machine.replaceAll("\\s+", " ").strip();
        return line.length() > 200 ? line.substring(0, 200) : line;
    }

    private static String processor() {
        try {
            Optional<String> model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
            return model.orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch"); // Not on Linux.
        }
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? Math.round((double) system.getTotalMemorySize() / GIBIBYTE)
                : 0;
    }
}
