package issueledger.log.sqlite;

import issueledger.log.LogDamaged;
import issueledger.log.LogUnavailable;
import issueledger.log.Unavailable;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Translates SQLite's errors into sentences that name the file and the remedy. */
public final class SqliteErrors {
    private final Path path;

    SqliteErrors(Path path) {
        this.path = path;
    }

    LogUnavailable unavailable(Unavailable.Outcome outcome, String doing, SQLException e) {
        if (isDamage(e) && outcome == LogUnavailable.Outcome.NOT_APPENDED) {
            return damaged("", e);
        }
        return new LogUnavailable(outcome, "the event log " + path + " cannot be " + doing + ": " + why(e), e);
    }

    /** Trouble and remedy, to follow the file's name. */
    public static String why(SQLException e) {
        return switch (code(e)) {
            case SQLITE_FULL, SQLITE_IOERR_SHMSIZE -> "the disk is full: free some space";
            case SQLITE_NOTADB -> "it is not an SQLite database: move it away or set ISSUE_LEDGER_DATA_DIR";
            case SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_BUSY_RECOVERY, SQLITE_BUSY_TIMEOUT, SQLITE_LOCKED ->
                "another program holds its lock: end that program";
            case SQLITE_READONLY,
                    SQLITE_READONLY_CANTINIT,
                    SQLITE_READONLY_CANTLOCK,
                    SQLITE_READONLY_DIRECTORY,
                    SQLITE_READONLY_RECOVERY,
                    SQLITE_READONLY_ROLLBACK,
                    SQLITE_PERM ->
                "it may not be written: check its owner and permissions, its folder's, and how its disk is mounted";
            case SQLITE_READONLY_DBMOVED -> "it was moved or removed while it was open: put it back";
            case SQLITE_CANTOPEN,
                    SQLITE_CANTOPEN_CONVPATH,
                    SQLITE_CANTOPEN_DIRTYWAL,
                    SQLITE_CANTOPEN_FULLPATH,
                    SQLITE_CANTOPEN_ISDIR,
                    SQLITE_CANTOPEN_NOTEMPDIR,
                    SQLITE_CANTOPEN_SYMLINK -> "it cannot be opened: check ISSUE_LEDGER_DATA_DIR and its permissions";
            default ->
                isDiskError(e)
                        ? "its disk fails: check the disk, its free space and how it is mounted (" + e.getMessage()
                                + ")"
                        : String.valueOf(e.getMessage());
        };
    }

    /** @param where begins with " "; empty if it is not known */
    LogDamaged damaged(String where, Exception e) {
        return new LogDamaged(
                "the event log " + path + " is damaged" + where + ": restore it from a back-up (" + e.getMessage()
                        + ")",
                e);
    }

    LogUnavailable displaced(Unavailable.Outcome outcome) {
        return new LogUnavailable(
                outcome,
                "the event log " + path
                        + " was moved, removed or replaced while it was open: put the same file back with its"
                        + " -wal and -shm; if it is gone for good, stop both services and restore a back-up",
                null);
    }

    static boolean isDamage(SQLException e) {
        return plain(e) == SQLiteErrorCode.SQLITE_CORRUPT.code;
    }

    static boolean isBusy(SQLException e) {
        return plain(e) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    static boolean isDiskError(SQLException e) {
        return plain(e) == SQLiteErrorCode.SQLITE_IOERR.code;
    }

    /** The lowest byte of an extended code is the plain one. */
    private static int plain(SQLException e) {
        return code(e).code & 0xFF;
    }

    private static SQLiteErrorCode code(SQLException e) {
        return e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
    }
}
