package issueledger.openapi.queries;

import issueledger.events.IssueEvent;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.history.EventItem;
import issueledger.history.HistoryController;
import issueledger.issues.IssueView;
import issueledger.issues.Issues;
import issueledger.issues.IssuesController;
import issueledger.openapi.Schemas;
import issueledger.openapi.ServiceDocument;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of the queries; each answer has the shape of the record that is written. */
public final class QueryDocument implements ServiceDocument {
    @Override
    public void complete(ObjectNode document, Schemas schemas) {
        ObjectNode payload =
                Schemas.yaml("description: As it was recorded; its schema has the name of the event's type.");
        ArrayNode payloads = payload.putArray("anyOf");
        Arrays.stream(IssueEvent.class.getPermittedSubclasses())
                .sorted(Comparator.comparing(Class::getSimpleName))
                .forEach(event -> payloads.add(schemas.of(event)));
        schemas.add("Payload", payload);
        Stream.of(Issues.Item.class, IssueView.class, EventItem.class).forEach(schemas::of);

        schemas.kind("status", schemas.of(Status.class));
        schemas.kind("severity", schemas.of(Severity.class));
        schemas.kind("issuesLimit", limit(IssuesController.MOST, IssuesController.USUAL));
        schemas.kind("historyLimit", limit(HistoryController.MOST, HistoryController.USUAL));
    }

    private static ObjectNode limit(int most, int usual) {
        return Schemas.yaml("{type: integer, minimum: 1, maximum: %d, default: %d}".formatted(most, usual));
    }
}
