package issueledger.api;

import issueledger.axon.EventLogStorageEngine;
import issueledger.issue.Submission;
import issueledger.log.EventLog;
import java.util.List;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the log under Axon's aggregates. */
@Configuration(proxyBeanMethods = false)
class CommandConfiguration {

    @Bean
    EventStorageEngine eventStorageEngine(EventLog log, List<EventUpcaster> upcasters) {
        EventLogStorageEngine.Builder builder = EventLogStorageEngine.builder(log);
        builder.upcasterChain(new EventUpcasterChain(upcasters));
        return builder.build();
    }

    /** Axon's own looks at every method and annotation of each command anew. */
    @Bean
    CommandTargetResolver issueOfTheSubmission() {
        return message ->
                new VersionedAggregateIdentifier((Object) ((Submission) message.getPayload()).issueId(), null);
    }

    /** An event's metadata is its command's, and nothing that Axon would add. */
    @Bean
    CorrelationDataProvider metadataOfTheCommand() {
        return message -> message.getMetaData();
    }
}
