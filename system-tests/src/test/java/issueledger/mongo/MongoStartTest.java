package issueledger.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import issueledger.log.EventLog;
import issueledger.log.mongo.MongoDeployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unusable MongoDB databases; each refused start prints one sentence without a password. */
@Tag("full")
class MongoStartTest {
    private static final String SECRET = "s3cr3t-and-wrong";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void check() {
        boolean possible = SecantusServer.isPossible();
        if (!possible) {
            System.out.println("MongoStartTest is skipped: there is no python3 with venv and pip");
        }
        assumeTrue(possible);
    }

    private static SecantusServer server(String name, String... flags) throws IOException {
        return SecantusServer.start(
                Files.createDirectories(folder.resolve(name)).resolve("storage"), flags);
    }

    private static void opensAndAppends(String uri) {
        try (MongoDeployment deployment = MongoDeployment.open(uri);
                EventLog log = deployment.log(Clock.systemUTC())) {
            assertThat(log.head().position()).isZero();
        }
    }

    private static void isRefused(String uri, String why) {
        assertThatThrownBy(() -> opensAndAppends(uri))
                .isInstanceOfSatisfying(
                        RuntimeException.class,
                        e -> assertThat(e.getMessage())
                                .contains(why)
                                .doesNotContain(SECRET)
                                .doesNotContain("\n"));
    }

    @Test
    void a_standalone_server_is_refused() throws IOException {
        try (SecantusServer server = server("standalone", "--standalone")) {
            isRefused("mongodb://127.0.0.1:" + server.port() + "/ledger", "needs a replica set");
        }
    }

    @Test
    void a_database_that_holds_something_else_is_refused_and_left_as_it_is() throws IOException {
        try (SecantusServer server = server("other");
                MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + server.port())) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document("_id", 1));

            isRefused("mongodb://127.0.0.1:" + server.port() + "/shop", "holds something else (the collection orders)");
            assertThat(client.getDatabase("shop").listCollectionNames()).containsExactly("orders");

            opensAndAppends("mongodb://127.0.0.1:" + server.port() + "/ledger");
            setFormat(client, 3);
            isRefused("mongodb://127.0.0.1:" + server.port() + "/ledger", "has format 3");
            setFormat(client, 1);
            isRefused("mongodb://127.0.0.1:" + server.port() + "/ledger", "no release had the older one");
        }
    }

    private static void setFormat(MongoClient client, int version) {
        client.getDatabase("ledger")
                .getCollection("issue-ledger")
                .updateOne(new Document("_id", "format"), new Document("$set", new Document("version", version)));
    }

    @Test
    void a_wrong_password_and_missing_rights_are_told_apart() throws IOException {
        Path storage = Files.createDirectories(folder.resolve("auth")).resolve("storage");
        try (SecantusServer open = SecantusServer.start(storage);
                MongoClient client = MongoClients.create("mongodb://127.0.0.1:" + open.port())) {
            user(client, "writer", "readWrite");
            user(client, "reader", "read");
        }
        try (SecantusServer server = SecantusServer.start(storage, "--auth")) {
            String hosts = "127.0.0.1:" + server.port();
            isRefused("mongodb://writer:" + SECRET + "@" + hosts + "/ledger", "refuses the user or the password");
            isRefused("mongodb://reader:right@" + hosts + "/ledger", "needs the role readWrite");
            opensAndAppends("mongodb://writer:right@" + hosts + "/ledger");
        }
    }

    private static void user(MongoClient client, String name, String role) {
        client.getDatabase("ledger")
                .runCommand(new Document("createUser", name)
                        .append("pwd", "right")
                        .append("roles", List.of(new Document("role", role).append("db", "ledger"))));
    }

    @Test
    void an_invalid_connection_string_or_one_without_a_database_is_refused() {
        isRefused("mongodb://127.0.0.1:1", "names no database");
        isRefused("mongodb://127.0.0.1:1/led.ger", "a database's name has no dot");
        isRefused("http://writer:" + SECRET + "@nowhere/ledger", "is no connection string");
        isRefused("mongodb://writer:" + SECRET + "@127.0.0.1:1/ledger", "cannot be reached");
    }
}
