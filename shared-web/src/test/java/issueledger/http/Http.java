package issueledger.http;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** The HTTP client of the tests of all modules: requests to a service on this machine, and the check of a problem that it answers. */
public final class Http {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private Http() {}

    /** With just these headers, names and values in turn. */
    public static HttpResponse<String> send(
            int port, String method, String path, BodyPublisher body, String... headers) {
        try {
            return CLIENT.send(request(port, method, path, body, headers), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Does not wait for the answer. */
    public static CompletableFuture<HttpResponse<String>> start(
            int port, String method, String path, BodyPublisher body, String... headers) {
        return CLIENT.sendAsync(request(port, method, path, body, headers), BodyHandlers.ofString());
    }

    private static HttpRequest request(int port, String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(TIMEOUT)
                .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    /** Checks that a body is a problem of this status and type, with all that every problem has and nothing that none may show. */
    public static void checkProblem(String contentType, String body, int status, String name) {
        assertThat(contentType).as(body).isEqualTo("application/problem+json");
        JsonNode problem = EventJson.MAPPER.readTree(body);
        assertThat(problem.path("type").asString()).as(body).isEqualTo("/problems/" + name);
        assertThat(problem.path("status").intValue()).isEqualTo(status);
        assertThat(problem.path("title").asString()).isNotBlank();
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(problem.path("instance").asString()).startsWith("/");
        assertThat(problem.path("traceId").asString()).matches("[0-9a-f]{32}");
        assertThat(body).doesNotContain("Exception", "java.", "org.spring", "issueledger.", "jackson", "\tat ");
    }
}
