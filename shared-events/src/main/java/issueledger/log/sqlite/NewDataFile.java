package issueledger.log.sqlite;

import issueledger.log.EventLog;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * Makes a data file that is whole or not there. The file is filled and verified under another name, leaves WAL mode, so that it is one file,
 * and gets its name once it is on the disk.
 */
public final class NewDataFile {
    private static final List<String> BESIDE = List.of("", "-wal", "-shm", "-journal");

    private NewDataFile() {}

    /** Writes the log's events and erasures. */
    public interface Filling {
        /**
         * Answers the head that the log has then.
         *
         * @param path the file's, under its other name
         */
        LogHead fill(EventLog log, Path path);
    }

    /** Reads the finished file and throws if it is not as it must be. */
    public interface Verifying {
        void verify(EventLog log, LogHead expected);
    }

    /**
     * Makes the file and answers its head.
     *
     * @throws LogUnavailable if the file is there already or cannot be written; then there is none of that name
     */
    public static LogHead make(Path path, Filling filling, Verifying verifying) {
        requireFree(path);
        Path partial = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".partial");
        // An interrupt from the keyboard runs no finally block.
        BESIDE.forEach(suffix -> SqliteFile.beside(partial, suffix).toFile().deleteOnExit());
        try {
            LogHead head;
            try (EventLog log = SqliteEventLog.open(partial, Clock.systemUTC())) {
                head = filling.fill(log, partial);
            }
            leaveWal(partial);
            try (EventLog log = SqliteEventLog.openImmutable(partial)) {
                verifying.verify(log, head);
            }
            sync(partial);
            SqliteFile.place(partial, path);
            Files.deleteIfExists(partial);
            syncFolder(path);
            return head;
        } catch (FileAlreadyExistsException e) {
            throw isThere(path);
        } catch (IOException | SQLException e) {
            throw refused(path + " cannot be written: " + e.getMessage(), e);
        } finally {
            BESIDE.forEach(suffix -> delete(SqliteFile.beside(partial, suffix)));
        }
    }

    private static void requireFree(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || path.getFileName() == null || Files.isDirectory(path)) {
            throw refused(path + " is a folder: name a file in it", null);
        }
        if (!Files.isDirectory(folder)) {
            throw refused("the folder " + folder + " is not there", null);
        }
        for (String suffix : BESIDE) {
            Path file = SqliteFile.beside(path, suffix);
            if (Files.exists(file)) {
                throw isThere(file);
            }
        }
    }

    private static LogUnavailable isThere(Path file) {
        return refused(file + " is there already: move it away or give another name", null);
    }

    private static LogUnavailable refused(String why, @Nullable Exception cause) {
        return new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, why, cause);
    }

    private static void leaveWal(Path path) throws SQLException {
        try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + path);
                Statement statement = connection.createStatement();
                ResultSet mode = statement.executeQuery("PRAGMA journal_mode = DELETE")) {
            if (!mode.next() || !"delete".equalsIgnoreCase(mode.getString(1))) {
                throw new SQLException("its write-ahead log could not be closed");
            }
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** The file's name is durable once its folder is. */
    private static void syncFolder(Path path) {
        try (FileChannel channel = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // A platform that cannot open folders writes names at once.
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The name says that it is not whole.
        }
    }
}
