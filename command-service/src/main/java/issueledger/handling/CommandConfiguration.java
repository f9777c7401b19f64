package issueledger.handling;

import issueledger.log.GroupedAppender;
import java.util.Set;
import org.axonframework.common.lock.LockFactory;
import org.axonframework.common.lock.PessimisticLockFactory;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.AggregateFactory;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires Axon's aggregates. */
@Configuration(proxyBeanMethods = false)
class CommandConfiguration {
    private static final int LOCK_ATTEMPT_MILLISECONDS = 100;

    /** Axon's own looks at every method and annotation of each command anew. */
    @Bean
    CommandTargetResolver issueOfTheSubmission() {
        return message ->
                new VersionedAggregateIdentifier((Object) ((Submission) message.getPayload()).issueId(), null);
    }

    /** Axon finds it by this name. Axon's own factory looks for beans to inject into the issue at each command; there are none. */
    @Bean
    AggregateFactory<Issue> issueAggregateFactory() {
        return new AggregateFactory<>() {
            @Override
            public Issue createAggregateRoot(String aggregateIdentifier, DomainEventMessage<?> first) {
                return first.getPayload() instanceof Issue snapshot ? snapshot : new Issue();
            }

            @Override
            public Class<Issue> getAggregateType() {
                return Issue.class;
            }
        };
    }

    /** A command waits no longer for those before it on its issue than it would for the log. */
    @Bean
    LockFactory issueLocks() {
        return PessimisticLockFactory.builder()
                .lockAttemptTimeout(LOCK_ATTEMPT_MILLISECONDS)
                .acquireAttempts((int) (GroupedAppender.PATIENCE.toMillis() / LOCK_ATTEMPT_MILLISECONDS))
                .build();
    }

    /** An event's metadata is its command's, and nothing that Axon would add. */
    @Bean
    CorrelationDataProvider metadataOfTheCommand() {
        return message -> message.getMetaData().withoutKeys(Set.of(CommandDispatcher.REQUEST));
    }
}
