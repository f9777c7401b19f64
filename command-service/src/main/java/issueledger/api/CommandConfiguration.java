package issueledger.api;

import issueledger.axon.EventLogStorageEngine;
import issueledger.log.EventLog;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the log under Axon's aggregates. */
@Configuration(proxyBeanMethods = false)
class CommandConfiguration {

    @Bean
    EventStorageEngine eventStorageEngine(EventLog log, java.util.List<EventUpcaster> upcasters) {
        EventLogStorageEngine.Builder builder = EventLogStorageEngine.builder(log);
        builder.upcasterChain(new EventUpcasterChain(upcasters));
        return builder.build();
    }

    /** An event's metadata is its command's, and nothing that Axon would add. */
    @Bean
    CorrelationDataProvider metadataOfTheCommand() {
        return message -> message.getMetaData();
    }
}
