package issueledger.mongo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A virtual environment of Python under target/ with packages of PyPI, made once. */
public record PythonEnvironment(Path folder) {

    /** Whether this machine can make one; otherwise skip with a printed reason. */
    public static boolean isPossible() {
        try {
            return new ProcessBuilder("python3", "-c", "import venv, ensurepip")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Installs what is not installed yet; parallel modules of Maven wait for one another.
     *
     * @param packages each with its version, as {@code name==1.2}
     */
    public static PythonEnvironment with(String name, String... packages) {
        Path target =
                Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target");
        PythonEnvironment environment = new PythonEnvironment(target.resolve(name));
        Path done = environment.folder().resolve("installed-" + String.join("-", packages));
        try {
            Files.createDirectories(target);
            try (FileChannel channel = FileChannel.open(
                            target.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.exists(done)) {
                    run(List.of("python3", "-m", "venv", environment.folder().toString()));
                    List<String> install = new ArrayList<>(List.of(
                            environment.program("pip").toString(),
                            "install",
                            "--quiet",
                            "--disable-pip-version-check"));
                    install.addAll(List.of(packages));
                    run(install);
                    Files.createFile(done);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return environment;
    }

    public Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /**
     * Runs a program to its end.
     *
     * @return what it printed
     * @throws IllegalStateException with what it printed, if it fails
     */
    public static String run(List<String> command) {
        try {
            Process running =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(running.getInputStream().readAllBytes(), UTF_8);
            if (running.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
