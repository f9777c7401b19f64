package issueledger.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.core.util.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a running ledger was asked and answered, in that order: the examples of the document. A test asks it again and compares, and
 * records them anew.
 */
final class Examples {
    private static final String RESOURCE = "/issueledger/openapi/examples.json";

    private final List<Exchange> exchanges;

    /**
     * @param operation as {@code GET /issues/{id}}
     * @param request the body that was sent, a string where it was no JSON
     * @param type the answer's media type
     */
    record Exchange(
            String operation,
            @Nullable JsonNode request,
            String requestType,
            int status,
            String type,
            JsonNode answer) {
        /** {@code rejected}, of a problem. */
        String problem() {
            return answer.path("type").asText().replaceFirst("^/problems/", "");
        }

        boolean isProblem() {
            return type.equals("application/problem+json");
        }
    }

    private Examples(List<Exchange> exchanges) {
        this.exchanges = exchanges;
    }

    /** Those of the service that is running. */
    static Examples load() {
        try (InputStream in = Examples.class.getResourceAsStream(RESOURCE)) {
            List<Exchange> exchanges = new ArrayList<>();
            for (JsonNode each :
                    in == null ? Json.mapper().createArrayNode() : Json.mapper().readTree(in)) {
                exchanges.add(new Exchange(
                        each.path("operation").asText(),
                        each.get("body"),
                        each.path("headers").path("Content-Type").asText("application/json"),
                        each.path("status").asInt(),
                        each.path("type").asText(),
                        each.path("answer")));
            }
            return new Examples(exchanges);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Exchange> of(String operation) {
        return exchanges.stream()
                .filter(exchange -> exchange.operation().equals(operation))
                .toList();
    }

    /** The first problem of this name that any operation answered. */
    @Nullable
    JsonNode problem(String name) {
        return exchanges.stream()
                .filter(exchange -> exchange.isProblem() && exchange.problem().equals(name))
                .map(Exchange::answer)
                .findFirst()
                .orElse(null);
    }
}
