package issueledger.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** docs/verify_log.py, which knows the log's format and nothing of this program. */
public final class Verifier {
    /**
     * The verifier's verdict on a log.
     *
     * @param accepted whether every position, hash, version and time is as it must be
     * @param sentence the last hash, or the first position that is wrong
     */
    public record Verdict(boolean accepted, String sentence) {}

    private Verifier() {}

    public static Verdict verify(Path log) {
        try {
            Process python = new ProcessBuilder("python3", program().toString(), log.toString())
                    .redirectErrorStream(true)
                    .start();
            python.getOutputStream().close();
            String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Verdict(python.waitFor() == 0, said.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the log was verified", e);
        }
    }

    /** Wherever in the project a test runs. */
    private static Path program() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path program = folder.resolve("docs").resolve("verify_log.py");
            if (Files.exists(program)) {
                return program;
            }
        }
        throw new IllegalStateException("docs/verify_log.py is not in the project that this runs in");
    }
}
