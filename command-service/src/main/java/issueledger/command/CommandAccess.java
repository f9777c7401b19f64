package issueledger.command;

import issueledger.access.AccessConfiguration;
import issueledger.access.Callers;
import issueledger.access.Rules;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Access rules of this service. */
@Configuration(proxyBeanMethods = false)
@Import({Callers.class, AccessConfiguration.class})
class CommandAccess {

    @Bean
    Rules rules() {
        return Rules.ofTheCommandService(IssueCommand.BY_NAME.entrySet().stream()
                .filter(command -> command.getValue() != OpenIssue.class)
                .map(command -> command.getKey())
                .collect(Collectors.toSet()));
    }
}
