package issueledger.query;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.http.Http;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Asks a query service over HTTP. */
public final class Query {
    private final int port;

    public Query(int port) {
        this.port = port;
    }

    /** An answer of the service. */
    public record Answer(int status, HttpHeaders headers, String body) {
        public JsonNode json() {
            return EventJson.MAPPER.readTree(body);
        }

        public List<JsonNode> items() {
            assertThat(status).describedAs(body).isEqualTo(200);
            return StreamSupport.stream(json().get("items").spliterator(), false)
                    .toList();
        }

        /** A member of each item. */
        public List<String> items(String member) {
            return items().stream().map(item -> item.get(member).asString()).toList();
        }

        public String nextCursor() {
            return json().get("nextCursor").asString();
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** It is this problem, with all that every problem has and nothing that no answer shows. */
        public Answer isProblem(int expected, String name) {
            assertThat(status).describedAs(body).isEqualTo(expected);
            Http.checkProblem(header("Content-Type"), body, expected, name);
            assertThat(header("Ledger-Position")).matches("\\d+");
            return this;
        }

        /** It refuses this parameter or header. */
        public void isMalformed(String parameter) {
            isProblem(400, "malformed");
            assertThat(json().get("errors").get(0).get("parameter").asString()).isEqualTo(parameter);
            assertThat(json().get("errors").get(0).get("detail").asString()).isNotBlank();
        }
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, headers).join();
    }

    public CompletableFuture<Answer> send(String method, String path, String... headers) {
        return Http.start(port, method, path, BodyPublishers.noBody(), headers).thenApply(Query::answer);
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }
}
