package issueledger.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The log that a command works on. */
final class LogOption {
    @Option(
            names = "--log",
            paramLabel = "LOG",
            description = "a data file or a MongoDB connection string; by default the one that the services' variables"
                    + " name")
    private @Nullable String log;

    /** A path or a connection string. */
    String where() {
        return log == null ? configured() : log;
    }

    private static String configured() {
        String uri = System.getenv("ISSUE_LEDGER_MONGODB_URI");
        String folder = System.getenv().getOrDefault("ISSUE_LEDGER_DATA_DIR", "data");
        return uri == null || uri.isBlank() ? Path.of(folder, "events.db").toString() : uri;
    }
}
