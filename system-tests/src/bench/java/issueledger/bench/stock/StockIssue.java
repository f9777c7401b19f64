package issueledger.bench.stock;

import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

/** The aggregate, its commands and its events. */
@Aggregate
class StockIssue {
    @AggregateIdentifier
    private String id;

    private long notes;

    record Description(
            String text,
            List<String> symptoms,
            List<String> affectedFeatures,
            String userImpact,
            List<String> endpoints) {}

    record OpenIssue(
            @TargetAggregateIdentifier String id, String title, Description description, List<String> labels) {}

    record IssueOpened(String id, String title, Description description, List<String> labels) {}

    record RecordNote(@TargetAggregateIdentifier String id, String kind, String text) {}

    record NoteRecorded(long note, String kind, String text) {}

    StockIssue() {}

    @CommandHandler
    StockIssue(OpenIssue command) {
        AggregateLifecycle.apply(
                new IssueOpened(command.id(), command.title(), command.description(), command.labels()));
    }

    @CommandHandler
    long handle(RecordNote command) {
        AggregateLifecycle.apply(new NoteRecorded(notes + 1, command.kind(), command.text()));
        return notes;
    }

    @EventSourcingHandler
    void on(IssueOpened event) {
        id = event.id();
    }

    @EventSourcingHandler
    void on(NoteRecorded event) {
        notes = event.note();
    }
}
