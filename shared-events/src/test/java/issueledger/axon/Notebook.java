package issueledger.axon;

import issueledger.events.IssueEvent.NoteRecorded;
import issueledger.events.NoteKind;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.AggregateRoot;

/** The smallest aggregate that lives on issue events: it keeps notes. */
@AggregateRoot(type = "Issue")
public class Notebook implements Snapshots.Copyable {
    @AggregateIdentifier
    public String id;

    public List<String> notes = new ArrayList<>();

    private int sourced;

    /** For Axon. */
    public Notebook() {}

    @Override
    public Notebook copy() {
        Notebook copy = new Notebook();
        copy.id = id;
        copy.notes = new ArrayList<>(notes);
        return copy;
    }

    @Override
    public long payloadBytes() {
        return notes.stream().mapToLong(String::length).sum();
    }

    static Notebook begin(String id, MetaData metadata) {
        Notebook notebook = new Notebook();
        notebook.id = id;
        notebook.note("begun", metadata);
        return notebook;
    }

    void note(String text, MetaData metadata) {
        AggregateLifecycle.apply(new NoteRecorded(notes.size() + 1, NoteKind.PROGRESS, text), metadata);
    }

    /** How many events this instance has applied since its snapshot. */
    int sourced() {
        return sourced;
    }

    @EventSourcingHandler
    void on(NoteRecorded note, DomainEventMessage<?> message) {
        id = message.getAggregateIdentifier();
        notes.add(note.text());
        sourced++;
    }
}
