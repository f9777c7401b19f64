package issueledger.axon;

import issueledger.log.AppendResult.Appended;
import issueledger.log.EventLog;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.eventsourcing.AggregateSnapshotter;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.GenericAggregateFactory;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;

/** A process as Axon sets it up on a log: engine, event store, snapshots every five events, repository. */
final class Notebooks implements AutoCloseable {
    static final int SNAPSHOT_EVERY = 5;

    final EventLogStorageEngine engine;
    final EmbeddedEventStore store;
    private final EventSourcingRepository<Notebook> repository;

    Notebooks(EventLog log, EventUpcaster... upcasters) {
        EventLogStorageEngine.Builder builder = EventLogStorageEngine.builder(log);
        builder.upcasterChain(new EventUpcasterChain(upcasters));
        engine = builder.build();
        store = EmbeddedEventStore.builder().storageEngine(engine).build();
        AggregateSnapshotter snapshotter = AggregateSnapshotter.builder()
                .eventStore(store)
                .aggregateFactories(new GenericAggregateFactory<>(Notebook.class))
                .build();
        repository = EventSourcingRepository.builder(Notebook.class)
                .eventStore(store)
                .snapshotTriggerDefinition(new EventCountSnapshotTriggerDefinition(snapshotter, SNAPSHOT_EVERY))
                .build();
    }

    Optional<Appended> begin(String id) {
        return begin(MetaData.with("actor", "ada"), id);
    }

    /** Begins all of them in one unit of work. */
    Optional<Appended> begin(MetaData metadata, String... ids) {
        return attempt(attempt -> {
            for (String id : ids) {
                create(id, metadata);
            }
        });
    }

    private void create(String id, MetaData metadata) {
        try {
            repository.newInstance(() -> Notebook.begin(id, metadata));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void note(String id, String text) {
        change(id, (notebook, metadata) -> notebook.note(text, metadata));
    }

    Optional<Appended> noteOptimistically(String id, String text) {
        return attempt(attempt ->
                repository.load(id).execute(notebook -> notebook.note(text, MetaData.with("actor", "ada"))));
    }

    /** Loads optimistically, appends nothing, and confirms that the log has nothing new. */
    Optional<Appended> confirm(String id) {
        return attempt(attempt -> {
            repository.load(id);
            attempt.confirm(engine);
        });
    }

    void change(String id, BiConsumer<Notebook, MetaData> change) {
        work(uow -> repository.load(id).execute(notebook -> change.accept(notebook, MetaData.with("actor", "ada"))));
    }

    /** The aggregate as it is loaded now. */
    Notebook load(String id) {
        Notebook[] loaded = new Notebook[1];
        work(uow -> repository.load(id).execute(notebook -> loaded[0] = notebook));
        return loaded[0];
    }

    static Optional<Appended> attempt(Consumer<Attempt> work) {
        Attempt[] begun = new Attempt[1];
        work(uow -> {
            begun[0] = Attempt.begin(uow, null, null);
            work.accept(begun[0]);
        });
        return begun[0].appended();
    }

    static void work(Consumer<UnitOfWork<?>> work) {
        UnitOfWork<?> uow = DefaultUnitOfWork.startAndGet(GenericCommandMessage.asCommandMessage("work"));
        try {
            work.accept(uow);
        } catch (RuntimeException e) {
            uow.rollback(e);
            throw e;
        }
        uow.commit();
    }

    @Override
    public void close() {
        store.shutDown();
    }
}
