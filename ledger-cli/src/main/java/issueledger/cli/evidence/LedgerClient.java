package issueledger.cli.evidence;

import issueledger.events.EventJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The two services of a ledger. A request that finds them overloaded or away is sent again, as it was. */
final class LedgerClient {
    private static final int TRIES = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final String commands;
    private final String issue;
    private final @Nullable String token;
    private final Duration firstPause;
    private final String queries;

    /**
     * @param commands where the command service is
     * @param queries where the query service is; null if the command service is to say it
     * @param firstPause before a request is sent again; doubled each time
     */
    LedgerClient(String commands, @Nullable String queries, String issue, @Nullable String token, Duration firstPause) {
        this.firstPause = firstPause;
        this.commands = commands.replaceFirst("/+$", "");
        this.issue = issue;
        this.token = token;
        this.queries = queries == null ? told() : queries.replaceFirst("/+$", "");
    }

    /** The command service leads on to where the issue can be read. */
    private String told() {
        HttpResponse<String> answer = send(request(commands + "/issues/" + issue));
        String location = answer.headers().firstValue("Location").orElse("");
        if (answer.statusCode() != 307 || !location.endsWith("/issues/" + issue)) {
            throw refused(answer);
        }
        return location.substring(0, location.length() - "/issues/".length() - issue.length());
    }

    /** The issue's series; a new issue's views are waited for. */
    JsonNode series(String position, String effect) {
        HttpRequest.Builder request = request(queries + "/issues/" + issue + "/metrics?effect=" + effect)
                .header("Ledger-Min-Position", position);
        HttpResponse<String> answer = send(request);
        if (answer.statusCode() != 200) {
            throw refused(answer);
        }
        return json(answer).path("items");
    }

    /** Records bodies of RecordMetric as one commit, and answers its position. */
    String record(String body, String key) {
        HttpResponse<String> answer = send(request(commands + "/issues/" + issue + "/import-metrics")
                .header("Content-Type", "application/vnd.issue-ledger.metrics+json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
        if (answer.statusCode() != 200) {
            throw refused(answer);
        }
        return json(answer).path("position").asString();
    }

    private HttpRequest.Builder request(String url) {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT);
        } catch (IllegalArgumentException e) {
            throw new NoEvidence(url + " is no address of a service");
        }
        try {
            return token == null ? request : request.header("Authorization", "Bearer " + token);
        } catch (IllegalArgumentException e) {
            throw new NoEvidence("the token file does not hold a token"); // The message would show it.
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        for (int tried = 1; ; tried++) {
            Duration pause = firstPause.multipliedBy(1L << (tried - 1));
            try {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
                if (answer.statusCode() != 503 || tried == TRIES) {
                    return answer;
                }
                Duration asked = Duration.ofSeconds(
                        answer.headers().firstValueAsLong("Retry-After").orElse(0));
                pause = asked.compareTo(pause) > 0 ? asked : pause;
            } catch (IOException e) {
                if (tried == TRIES) {
                    throw new NoEvidence(request.uri() + " does not answer: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
                }
            } catch (InterruptedException e) {
                throw interrupted();
            }
            try {
                Thread.sleep(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private static NoEvidence interrupted() {
        Thread.currentThread().interrupt();
        return new NoEvidence("it was interrupted");
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return EventJson.MAPPER.readTree(answer.body());
        } catch (JacksonException e) {
            throw refused(answer);
        }
    }

    private static NoEvidence refused(HttpResponse<String> answer) {
        String detail;
        try {
            JsonNode problem = EventJson.MAPPER.readTree(answer.body());
            detail = problem.path("detail").asString("") + (problem.has("errors") ? " " + problem.path("errors") : "");
        } catch (JacksonException e) {
            detail = "the answer is none of a ledger";
        }
        return new NoEvidence(
                answer.request().method() + " " + answer.uri() + " is answered " + answer.statusCode() + ": " + detail);
    }
}
