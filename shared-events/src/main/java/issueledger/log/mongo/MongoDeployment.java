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
import java.util.function.Consumer;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A database on a replica set (or a sharded cluster) that holds a ledger: its log, its views, and one document that says so. Made sure of
 * when it is opened.
 */
public final class MongoDeployment implements AutoCloseable {
    /** The collection that marks a database as a ledger's. */
    private static final String MARK = "issue-ledger";

    private static final String MARK_ID = "format";

    /** The document that says that the log is being restored and not whole. */
    private static final String RESTORING_ID = "restoring";

    private static final int FORMAT = 2;

    private static final int CONNECT_MILLISECONDS = 2_000;

    /** Server selection and answer together stay below the 6 s in which a client gets its 503. */
    private static final int SELECT_MILLISECONDS = 2_000;

    private static final int ANSWER_MILLISECONDS = 3_500;

    /** Less than is waited for the answer, so that the server itself says which write it could not confirm. */
    public static final int CONFIRM_MILLISECONDS = 3_000;

    private final MongoClient client;
    private final MongoDatabase database;
    private final String where;

    /**
     * Connects, and marks an empty database as a ledger's.
     *
     * @param uri a connection string with a database's name
     * @throws UnusableDatabase where the connection string is wrong or the database cannot hold a ledger or is not restored to its end
     * @throws LogUnavailable where the database does not answer
     */
    public static MongoDeployment open(String uri) {
        return open(uri, MongoDeployment::requireRestored);
    }

    /**
     * Connects to a database whose log is restored: one without a log, or one that a restore did not end on. Nothing else opens it until
     * {@link #restored}.
     */
    public static MongoDeployment openToRestore(String uri) {
        return open(uri, MongoDeployment::beginRestore);
    }

    private static MongoDeployment open(String uri, Consumer<MongoDeployment> check) {
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
            check.accept(deployment);
            return deployment;
        } catch (MongoException e) {
            client.close();
            throw new LogUnavailable(
                    LogUnavailable.Outcome.NOT_APPENDED,
                    deployment.where + " (" + String.join(", ", given.getHosts()) + ") " + MongoErrors.sentence(e),
                    e);
        } catch (UnusableDatabase e) {
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
            // The driver's message may quote what stands between the slashes and the at sign.
            throw refused("ISSUE_LEDGER_MONGODB_URI is no connection string: it must look like"
                    + " mongodb://user:password@host:27017/issue-ledger?replicaSet=rs0");
        }
    }

    private static String withoutPassword(ConnectionString given, @Nullable String message) {
        char[] password = given.getPassword();
        String text = String.valueOf(message);
        return password == null || password.length == 0 ? text : text.replace(new String(password), "…");
    }

    /** Options of the connection string override these. */
    private static MongoClientSettings settings(ConnectionString given) {
        return MongoClientSettings.builder()
                .applicationName("issue-ledger")
                // The log resolves unknown writes itself, and a reader gets its error sooner without a retry.
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

    private static UnusableDatabase refused(String why) {
        return new UnusableDatabase(why);
    }

    /** A standalone server has no majority, and no change streams. */
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
            boolean older = mark.get("version") instanceof Integer number && number < FORMAT;
            throw refused(where + " has format " + mark.get("version") + ", this program reads format " + FORMAT
                    + (older
                            ? "; no release had the older one: name another database in the connection string"
                            : ": run a newer Issue Ledger on it"));
        }
    }

    private void requireRestored() {
        if (isRestoring()) {
            throw refused(where + " is not restored to its end: give ./ledger restore again");
        }
    }

    private boolean isRestoring() {
        return database.getCollection(MARK)
                        .find(new Document("_id", RESTORING_ID))
                        .first()
                != null;
    }

    private void beginRestore() {
        if (isRestoring()) {
            return;
        }
        for (String name : List.of(MongoEventLog.COMMITS, MongoEventLog.ERASURES)) {
            if (database.getCollection(name).find().first() != null) {
                throw refused(where + " holds a log already: name an empty or a new one in the connection string");
            }
        }
        database.getCollection(MARK).insertOne(new Document("_id", RESTORING_ID));
    }

    /** The log is whole; the database is opened as any other from now on. */
    public void restored() {
        try {
            database.getCollection(MARK).deleteOne(new Document("_id", RESTORING_ID));
        } catch (MongoException e) {
            throw new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, where + " " + MongoErrors.sentence(e), e);
        }
    }

    /** The log; closing it leaves the deployment open. */
    public EventLog log(Clock clock) {
        return MongoEventLog.open(database, where, clock);
    }

    /** The database of views and refusals. Reads: primary, majority. Writes: majority. */
    public MongoDatabase database() {
        return database;
    }

    /** How messages name it. */
    public String where() {
        return where;
    }

    @Override
    public void close() {
        client.close();
    }
}
