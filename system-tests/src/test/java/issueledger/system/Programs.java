package issueledger.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Programs that tests install under target/, once until the next clean build. Where a registry is not reached, the test is skipped with a
 * reason, unless this is CI.
 */
final class Programs {
    private static final boolean CI = "true".equals(System.getenv("CI"));

    private record Outcome(int status, String said) {}

    private Programs() {}

    /** Packages of npm, with versions; returns their node_modules. */
    static Path fromNpm(String name, String... packages) {
        return installed(name, "npm", place -> {
                    List<String> command = new ArrayList<>(
                            List.of("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix"));
                    command.add(place.toString());
                    command.addAll(Arrays.asList(packages));
                    return List.of(command);
                })
                .resolve("node_modules");
    }

    /** Packages of PyPI, with versions, in a virtual environment; returns its programs. */
    static Path fromPyPi(String name, String... packages) {
        return installed(name, "python3", place -> {
                    List<String> install = new ArrayList<>(List.of(
                            place.resolve("bin/pip").toString(), "install", "--quiet", "--disable-pip-version-check"));
                    install.addAll(Arrays.asList(packages));
                    return List.of(List.of("python3", "-m", "venv", place.toString()), install);
                })
                .resolve("bin");
    }

    private interface Installation {
        List<List<String>> into(Path place);
    }

    private static Path installed(String name, String installer, Installation installation) {
        assumeThat(CI || isThere(installer))
                .as("%s is not installed, so that %s cannot be", installer, name)
                .isTrue();
        Path place = Ledger.home().resolve("system-tests/target/programs").resolve(name);
        Path done = place.resolve("installed");
        try {
            if (!Files.exists(done)) {
                Files.createDirectories(place);
                for (List<String> command : installation.into(place)) {
                    Outcome outcome = outcome(place, Map.of(), command);
                    String reason = name + " cannot be installed: " + outcome.said();
                    if (outcome.status() != 0 && !CI) {
                        System.out.println("Skipped: " + reason);
                    }
                    assumeThat(CI || outcome.status() == 0).as(reason).isTrue();
                    assertThat(outcome.status()).as(reason).isZero();
                }
                Files.createFile(done);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return place;
    }

    static boolean isThere(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** The output of a program, which must exit with 0. */
    static String run(Path folder, String... command) {
        return run(folder, Map.of(), command);
    }

    static String run(Path folder, Map<String, String> environment, String... command) {
        Outcome outcome = outcome(folder, environment, List.of(command));
        assertThat(outcome.status()).as(outcome.said()).isZero();
        return outcome.said();
    }

    private static Outcome outcome(Path folder, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(Map.of("REDOCLY_TELEMETRY", "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Outcome(process.waitFor(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
