package issueledger.cli;

import issueledger.log.EventLog;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.mongo.MongoDeployment;
import issueledger.log.sqlite.NewDataFile;
import issueledger.log.sqlite.SqliteEventLog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;

/**
 * Backs a log up into a data file while services run, and restores one from it: {@code ./ledger backup} and {@code ./ledger restore}. Each
 * commit's hash is computed again when it is read, and once more from what was written.
 */
final class BackUp {
    private final PrintStream out;

    BackUp(PrintStream out) {
        this.out = out;
    }

    /**
     * Writes the file, which is whole or not there.
     *
     * @param log a path or a connection string
     */
    LogHead backUp(String log, Path file) {
        try (OpenedLog source = OpenedLog.existing(log)) {
            return say(file.toString(), write(source.log(), file));
        }
    }

    /**
     * Makes a log of the file, which nobody writes. A data file is whole or not there; a database is opened by services once it is whole.
     *
     * @param log a path or a connection string without a log
     */
    LogHead restore(Path file, String log) {
        if (!Files.exists(file)) {
            throw refused(file + " is not there");
        }
        try (EventLog source = SqliteEventLog.openImmutable(file)) {
            if (!OpenedLog.isMongo(log)) {
                Path target = Path.of(log);
                makeFolder(target);
                return say(log, write(source, target));
            }
            MongoDeployment deployment = MongoDeployment.openToRestore(log);
            try (OpenedLog target = OpenedLog.of(deployment)) {
                LogHead head = CopyLog.copy(source, target, out);
                try (EventLog written = deployment.log(Clock.systemUTC())) { // With the erasures that were added.
                    verify(written, source, head);
                }
                deployment.restored();
                return say(deployment.where(), head);
            }
        }
    }

    private LogHead write(EventLog source, Path file) {
        return NewDataFile.make(
                file,
                (log, path) -> CopyLog.copy(source, OpenedLog.of(log, path), out),
                (written, head) -> verify(written, source, head));
    }

    private static void verify(EventLog written, EventLog source, LogHead expected) {
        if (!HashChain.verify(written).equals(expected)) {
            throw refused("the log that was written does not end at position " + expected.position());
        }
        if (!Set.copyOf(written.erasures()).equals(Set.copyOf(source.erasures()))) {
            throw refused("the log that was written has other erasures");
        }
    }

    private LogHead say(String where, LogHead head) {
        out.printf(
                "%s holds %d events in %d commits, all verified; the last hash is %s%n",
                where, head.position(), head.commits(), head.hash());
        return head;
    }

    private static void makeFolder(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw refused("the folder of " + file + " cannot be made: " + e.getMessage());
        }
    }

    private static LogUnavailable refused(String why) {
        return new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, why, null);
    }
}
