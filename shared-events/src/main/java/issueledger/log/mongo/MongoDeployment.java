package issueledger.log.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.ReplaceOptions;
import issueledger.log.EventLog;
import issueledger.log.LogUnavailable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A database on a replica set (or a sharded cluster) that holds a ledger: its log, its views, and one document that marks it. Opening
 * verifies all of this.
 */
public final class MongoDeployment implements AutoCloseable {
    /** The collection that marks a database as a ledger's. */
    private static final String MARK = "issue-ledger";

    private static final String MARK_ID = "format";
    private static final int FORMAT = 1;

    private static final int CONNECT_MILLISECONDS = 2_000;

    /** Server selection and answer together stay below the 6 s limit of a client's 503. */
    private static final int SELECT_MILLISECONDS = 2_000;

    private static final int ANSWER_MILLISECONDS = 3_500;

    /** Shorter than the answer's time-out, so that the server reports an unconfirmed write itself. */
    public static final int CONFIRM_MILLISECONDS = 3_000;

    private final MongoClient client;
    private final MongoDatabase database;
    private final String where;

    /**
     * Connects and marks an empty database as a ledger's.
     *
     * @param uri a connection string with a database's name
     * @throws LogUnavailable with one sentence, without the password, if the database cannot hold a ledger
     */
    public static MongoDeployment open(String uri) {
        ConnectionString given = parsed(uri);
        String name = given.getDatabase();
        if (name == null || name.isEmpty()) {
            throw refused("ISSUE_LEDGER_MONGODB_URI names no database: put its name behind the hosts, as in"
                    + " mongodb://localhost:27017/issue-ledger");
        }
        if (given.getCollection() != null) {
            throw refused("ISSUE_LEDGER_MONGODB_URI names the database " + name + " and something in it, "
                    + given.getCollection() + ": a database's name has no dot");
        }
        MongoClient client;
        try {
            client = MongoClients.create(settings(given));
        } catch (IllegalArgumentException | MongoException e) {
            throw refused("ISSUE_LEDGER_MONGODB_URI cannot be used: " + withoutPassword(given, e.getMessage()));
        }
        MongoDeployment deployment = new MongoDeployment(client, name);
        try {
            deployment.requireReplicaSet();
            deployment.requireLedger();
            return deployment;
        } catch (MongoException e) {
            client.close();
            throw new LogUnavailable(
                    LogUnavailable.Outcome.NOT_APPENDED,
                    deployment.where + " (" + String.join(", ", given.getHosts()) + ") " + MongoErrors.sentence(e),
                    e);
        } catch (LogUnavailable e) {
            client.close();
            throw e;
        }
    }

    private MongoDeployment(MongoClient client, String name) {
        this.client = client;
        this.where = "The MongoDB database " + name;
        this.database = client.getDatabase(name)
                .withReadPreference(ReadPreference.primary())
                .withReadConcern(ReadConcern.MAJORITY)
                .withWriteConcern(WriteConcern.MAJORITY.withWTimeout(CONFIRM_MILLISECONDS, TimeUnit.MILLISECONDS));
    }

    private static ConnectionString parsed(String uri) {
        try {
            return new ConnectionString(uri);
        } catch (IllegalArgumentException e) {
            // The driver's message may quote the user and password.
            throw refused("ISSUE_LEDGER_MONGODB_URI is no connection string: it must look like"
                    + " mongodb://user:password@host:27017/issue-ledger?replicaSet=rs0");
        }
    }

    private static String withoutPassword(ConnectionString given, @Nullable String message) {
        char[] password = given.getPassword();
        String text = String.valueOf(message);
        return password == null || password.length == 0 ? text : text.replace(new String(password), "…");
    }

    /** Options in the connection string override these settings. */
    private static MongoClientSettings settings(ConnectionString given) {
        return MongoClientSettings.builder()
                .applicationName("issue-ledger")
                // The log resolves unknown outcomes itself, and a failed read is reported instead of repeated.
                .retryWrites(false)
                .retryReads(false)
                .applyToClusterSettings(c -> c.serverSelectionTimeout(SELECT_MILLISECONDS, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(s -> s.connectTimeout(CONNECT_MILLISECONDS, TimeUnit.MILLISECONDS)
                        .readTimeout(ANSWER_MILLISECONDS, TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(p -> p.maxWaitTime(SELECT_MILLISECONDS, TimeUnit.MILLISECONDS))
                .applyToServerSettings(s -> s.heartbeatFrequency(1_000, TimeUnit.MILLISECONDS))
                .applyConnectionString(given)
                .build();
    }

    private static LogUnavailable refused(String why) {
        return new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, why, null);
    }

    /** A standalone server has no majority and no change streams. */
    private void requireReplicaSet() {
        Document hello = database.runCommand(new Document("hello", 1));
        if (hello.getString("setName") == null && !"isdbgrid".equals(hello.getString("msg"))) {
            throw refused(
                    where + " is on a standalone server: Issue Ledger needs a replica set, of one member at least");
        }
    }

    private void requireLedger() {
        Document mark =
                database.getCollection(MARK).find(new Document("_id", MARK_ID)).first();
        if (mark == null) {
            List<String> others = new ArrayList<>();
            database.listCollectionNames().forEach(name -> {
                if (!name.startsWith("system.") && !name.equals(MARK)) {
                    others.add(name);
                }
            });
            if (!others.isEmpty() && database.getCollection(MARK).countDocuments() == 0) {
                throw refused(where + " holds something else (the collection " + others.get(0)
                        + "): name an empty or a new one in the connection string");
            }
            mark = new Document("_id", MARK_ID).append("version", FORMAT);
            database.getCollection(MARK)
                    .replaceOne(new Document("_id", MARK_ID), mark, new ReplaceOptions().upsert(true));
        }
        if (!(mark.get("version") instanceof Integer version) || version != FORMAT) {
            throw refused(where + " has format " + mark.get("version") + ", this program reads format " + FORMAT
                    + ": run a newer Issue Ledger on it");
        }
    }

    /** The log; closing it leaves the deployment open. */
    public EventLog log(Clock clock) {
        return MongoEventLog.open(database, where, clock);
    }

    /** The database for other collections: majority reads from the primary, majority writes. */
    public MongoDatabase database() {
        return database;
    }

    /** The database's name in messages. */
    public String where() {
        return where;
    }

    @Override
    public void close() {
        client.close();
    }
}
