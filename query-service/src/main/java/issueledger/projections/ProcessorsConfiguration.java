package issueledger.projections;

import issueledger.axon.EventLogStorageEngine;
import issueledger.axon.EventLogStore;
import issueledger.log.EventLog;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.lifecycle.Phase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.util.function.SingletonSupplier;

/** Axon's event processors over the log, with their tokens in the view store. Nothing is started without an event handler. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
class ProcessorsConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorsConfiguration.class);

    /** Events of one unit of work. */
    private static final int BATCH = 500;

    private static final Duration RETRY = Duration.ofMillis(250);

    @Bean
    EventStore eventStore(EventLog log, EventLogStorageEngine engine) {
        return new EventLogStore(log, engine);
    }

    @Bean
    ViewTokenStore tokenStore(ViewStore store, Clock clock, EventLog log) {
        SingletonSupplier<Integer> erasures =
                SingletonSupplier.of(() -> log.erasures().size());
        return new ViewTokenStore(store.processorTokens(), clock, erasures::obtain);
    }

    /** One segment: with {@code SequentialPolicy} and more of them Axon 4.13.0 can skip events. */
    @Bean
    ConfigurerModule pooledStreamingProcessors(ViewTokenStore tokens) {
        return configurer -> {
            configurer
                    .eventProcessing()
                    .usingPooledStreamingEventProcessors()
                    .registerPooledStreamingEventProcessorConfiguration((configuration, processor) ->
                            processor.initialSegmentCount(1).batchSize(BATCH));
            configurer.onInitialize(configuration ->
                    configuration.onStart(Phase.INBOUND_EVENT_CONNECTORS - 1, () -> reset(configuration, tokens)));
        };
    }

    /**
     * Has handlers clear their data where they get the log from the beginning: at the first start, where the views' index was replaced,
     * and where texts were erased from the log since.
     */
    private static void reset(Configuration configuration, ViewTokenStore tokens) {
        for (EventProcessor processor :
                configuration.eventProcessingConfiguration().eventProcessors().values()) {
            boolean erased = tokens.isBehindAnErasure(processor.getName());
            if (processor instanceof StreamingEventProcessor streaming && streaming.supportsReset()) {
                if (erased || tokens.fetchSegments(processor.getName()).length == 0) {
                    reset(streaming, tokens);
                }
            } else if (erased) {
                LOG.warn("{} may keep texts that were erased: its handlers allow no reset", processor.getName());
            }
        }
    }

    /** Waits for the claims of a process that was killed. */
    private static void reset(StreamingEventProcessor processor, ViewTokenStore tokens) {
        long deadline = System.nanoTime() + ViewTokenStore.CLAIM.multipliedBy(2).toNanos();
        while (true) {
            try {
                processor.resetTokens();
                LOG.info("{} gets the log from the beginning", processor.getName());
                return;
            } catch (UnableToClaimTokenException e) {
                if (!tokens.isBehindAnErasure(processor.getName())) {
                    return; // Another process has reset it.
                }
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                sleep();
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a processor was reset", e);
        }
    }
}
