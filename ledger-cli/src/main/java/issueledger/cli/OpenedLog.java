package issueledger.cli;

import issueledger.log.Erasure;
import issueledger.log.EventLog;
import issueledger.log.LogUnavailable;
import issueledger.log.mongo.MongoDeployment;
import issueledger.log.mongo.MongoErasing;
import issueledger.log.sqlite.SqliteErasing;
import issueledger.log.sqlite.SqliteEventLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log of either kind, and how erasures are added to it. */
record OpenedLog(
        EventLog log, ErasureWriter erasures, @Nullable MongoDeployment deployment) implements AutoCloseable {
    interface ErasureWriter {
        void add(List<Erasure> erasures);
    }

    static boolean isMongo(String where) {
        return where.startsWith("mongodb://") || where.startsWith("mongodb+srv://");
    }

    /** @param where a path or a connection string */
    static OpenedLog open(String where) {
        return isMongo(where)
                ? of(MongoDeployment.open(where))
                : of(SqliteEventLog.open(Path.of(where), Clock.systemUTC()), Path.of(where));
    }

    /** As {@link #open}, but for a data file that is not there. */
    static OpenedLog existing(String where) {
        if (!isMongo(where) && !Files.exists(Path.of(where))) {
            throw new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, where + " is not there", null);
        }
        return open(where);
    }

    static OpenedLog of(EventLog log, Path file) {
        return new OpenedLog(log, erasures -> SqliteErasing.copy(file, erasures), null);
    }

    /** @param deployment closed with the log */
    static OpenedLog of(MongoDeployment deployment) {
        return new OpenedLog(
                deployment.log(Clock.systemUTC()), erasures -> MongoErasing.copy(deployment, erasures), deployment);
    }

    void addErasures(List<Erasure> those) {
        if (!those.isEmpty()) {
            erasures.add(those);
        }
    }

    @Override
    public void close() {
        log.close();
        if (deployment != null) {
            deployment.close();
        }
    }
}
