//! Object storage: static keys, and what infrastructure code says of buckets.

use crate::check::class::{Class, Pipeline};
use crate::check::facts::FileFacts;
use crate::check::parse::hcl::Block;
use crate::check::parse::tree::Node;
use crate::check::project::Project;
use crate::check::{Check, Outcome, Section, Seen, names};
use crate::rule::Severity;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "s3-static-keys",
        section: Section::Data,
        title: "Cloud access goes by roles, not by long-lived keys",
        why: "A static key works from everywhere until somebody revokes it; a role's credentials end within hours.",
        remedy: "Give the workload a role (instance profile, IRSA, workload identity, OIDC in pipelines) and delete the key.",
        severity: Severity::Medium,
        guides: "T",
        reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        run: static_keys,
    },
    Check {
        id: "s3-public",
        section: Section::Data,
        title: "No bucket is public",
        why: "A public bucket is read by strangers within hours.",
        remedy: "Block public access for the bucket (`aws_s3_bucket_public_access_block`, all four settings true).",
        severity: Severity::High,
        guides: "T",
        reference: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
        run: public,
    },
    Check {
        id: "s3-unversioned",
        section: Section::Data,
        title: "Buckets keep versions",
        why: "Without versions, what is overwritten or deleted is gone.",
        remedy: "Turn versioning on (`aws_s3_bucket_versioning`, status `Enabled`).",
        severity: Severity::Low,
        guides: "T",
        reference: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
        run: unversioned,
    },
    Check {
        id: "s3-unencrypted",
        section: Section::Data,
        title: "Buckets state their encryption",
        why: "AWS encrypts new objects with a key of its own since 2023, other stores do not; a key that you manage can also be withdrawn.",
        remedy: "State it (`aws_s3_bucket_server_side_encryption_configuration`), best with a key of your own.",
        severity: Severity::Low,
        guides: "T",
        reference: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html",
        run: unencrypted,
    },
];

/// Is `name` the name of a cloud access key's setting?
fn is_access_key(name: &str) -> bool {
    let upper = name.to_ascii_uppercase().replace('-', "_");
    let store = ["AWS_", "S3_", "MINIO_", "R2_", "SPACES_"].iter().any(|start| upper.starts_with(start));
    store
        && (upper.ends_with("ACCESS_KEY_ID")
            || upper.ends_with("SECRET_ACCESS_KEY")
            || upper.ends_with("SECRET_KEY")
            || upper.ends_with("ACCESS_KEY"))
}

fn static_keys(project: &Project) -> Outcome {
    let (mut bad, mut unsure, mut good) = (Vec::new(), Vec::new(), Vec::new());
    for (file, setting) in project.settings().filter(|(_, setting)| is_access_key(&setting.name)) {
        let value = setting.value.as_str();
        let action = matches!(file.class, Class::Pipeline(Pipeline::GitHub)) && setting.path.contains(".with.");
        match () {
            () if action && names::is_reference(value) => bad.push(Seen::at(
                &file.origin,
                setting.at,
                format!("`{}` is a static key; this action can take a role (`role-to-assume`)", setting.name),
            )),
            () if names::is_reference(value) => {
                unsure.push(Seen::at(&file.origin, setting.at, format!("`{}` is given from outside", setting.name)));
            }
            () if names::is_real(&setting.name, value) && setting.stage.counts() => bad.push(Seen::at(
                &file.origin,
                setting.at,
                format!("`{}` is a literal {}", setting.name, setting.value.masked()),
            )),
            () => {}
        }
    }
    for (file, setting) in project.settings() {
        let role = matches!(
            setting.name.as_str(),
            "role-to-assume"
                | "eks.amazonaws.com/role-arn"
                | "iam_instance_profile"
                | "AWS_ROLE_ARN"
                | "task_role_arn"
                | "taskRoleArn"
        );
        good.extend(role.then(|| Seen::at(&file.origin, setting.at, format!("`{}` gives a role", setting.name))));
    }
    if bad.is_empty() && good.is_empty() && !unsure.is_empty() {
        return Outcome::review("Could a role take the place of these keys?", unsure);
    }
    Outcome::weigh(bad, good, || {
        let hints: Vec<Seen> = project
            .reads()
            .filter(|(_, read)| is_access_key(&read.name))
            .take(3)
            .map(|(file, read)| Seen::at(&file.origin, read.at, format!("reads `{}`", read.name)))
            .collect();
        match hints.is_empty() {
            true => Outcome::not_applicable("no setting or variable for an access key of object storage"),
            false => Outcome::review("Could a role take the place of these keys?", hints),
        }
    })
}

/// A bucket that infrastructure code makes.
struct Bucket<'p> {
    file: &'p FileFacts,
    name: String,
    at: crate::span::Position,
    terraform: Option<&'p Block>,
    properties: Option<&'p Node>,
}

impl Bucket<'_> {
    fn seen(&self, what: &str) -> Seen {
        Seen::at(&self.file.origin, self.at, format!("bucket `{}` {what}", self.name))
    }
}

fn buckets(project: &Project) -> Vec<Bucket<'_>> {
    let mut buckets = Vec::new();
    for file in &project.files {
        for block in file.blocks.iter().filter(|block| block.is_resource("aws_s3_bucket")) {
            let name = block.words.get(2).cloned().unwrap_or_default();
            buckets.push(Bucket { file, name, at: block.at, terraform: Some(block), properties: None });
        }
        for (key, node) in file.trees.iter().filter_map(|root| root.get("Resources")).flat_map(Node::entries) {
            if node.get("Type").is_some_and(|kind| kind.str() == "AWS::S3::Bucket") {
                buckets.push(Bucket {
                    file,
                    name: key.name.clone(),
                    at: key.at,
                    terraform: None,
                    properties: node.get("Properties"),
                });
            }
        }
    }
    buckets
}

/// The resources of the type `kind` that refer to `bucket`, or to none by name.
fn companions<'p>(project: &'p Project, kind: &str, bucket: &Bucket<'_>) -> Vec<(&'p FileFacts, &'p Block)> {
    let resources = project.files.iter().flat_map(|file| file.blocks.iter().map(move |block| (file, block)));
    let refers = |block: &Block| {
        block
            .get("bucket")
            .is_none_or(|value| value.split('.').any(|part| part == bucket.name) || !value.contains("aws_s3_bucket."))
    };
    resources.filter(|(_, block)| block.is_resource(kind) && refers(block)).collect()
}

const NONE: &str = "no bucket in Terraform or CloudFormation";

fn public(project: &Project) -> Outcome {
    let (mut bad, mut good, mut unsure) = (Vec::new(), Vec::new(), Vec::new());
    for bucket in buckets(project) {
        let acl = bucket
            .terraform
            .and_then(|block| block.get("acl"))
            .or_else(|| bucket.properties.and_then(|node| node.get("AccessControl")).map(Node::str))
            .unwrap_or_default();
        let acls = companions(project, "aws_s3_bucket_acl", &bucket);
        let open_acl = acls.iter().find(|(_, block)| block.get("acl").is_some_and(|acl| acl.starts_with("public")));
        let blocks = companions(project, "aws_s3_bucket_public_access_block", &bucket);
        let names = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
        let closed = blocks.iter().any(|(_, block)| names.iter().all(|name| block.get(name) == Some("true")))
            || bucket.properties.and_then(|node| node.get("PublicAccessBlockConfiguration")).is_some_and(|node| {
                node.scalars().iter().all(|one| one.text().is_some_and(crate::check::text::Text::is_on))
            });
        let opened = blocks.iter().find(|(_, block)| names.iter().any(|name| block.get(name) == Some("false")));
        match () {
            () if acl.to_ascii_lowercase().starts_with("public") => {
                bad.push(bucket.seen(&format!("has the access rule `{acl}`")));
            }
            () if open_acl.is_some() => bad.extend(open_acl.map(|(file, block)| {
                Seen::at(&file.origin, block.at, format!("makes bucket `{}` public", bucket.name))
            })),
            () if opened.is_some() => bad.extend(opened.map(|(file, block)| {
                Seen::at(&file.origin, block.at, format!("lets bucket `{}` be made public", bucket.name))
            })),
            () if closed => good.push(bucket.seen("blocks public access")),
            () => unsure.push(bucket.seen("does not state that public access is blocked")),
        }
    }
    if bad.is_empty() && !unsure.is_empty() {
        return Outcome::review(
            "New buckets of AWS block public access by themselves. Are these on AWS, and made after April 2023?",
            unsure,
        );
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable(NONE))
}

fn unversioned(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for bucket in buckets(project) {
        let inner = bucket.terraform.is_some_and(|block| {
            block.inner.iter().any(|inner| {
                inner.words.first().is_some_and(|word| word == "versioning") && inner.get("enabled") == Some("true")
            })
        });
        let outer = companions(project, "aws_s3_bucket_versioning", &bucket)
            .iter()
            .any(|(_, block)| block.all().iter().any(|one| one.get("status") == Some("Enabled")));
        let stated = bucket
            .properties
            .and_then(|node| node.at_path("VersioningConfiguration.Status"))
            .is_some_and(|status| status.str() == "Enabled");
        let list = if inner || outer || stated { &mut good } else { &mut bad };
        list.push(bucket.seen(if inner || outer || stated { "keeps versions" } else { "does not keep versions" }));
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable(NONE))
}

fn unencrypted(project: &Project) -> Outcome {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for bucket in buckets(project) {
        let kind = "server_side_encryption_configuration";
        let inner = bucket
            .terraform
            .is_some_and(|block| block.inner.iter().any(|inner| inner.words.first().is_some_and(|word| word == kind)));
        let outer = !companions(project, "aws_s3_bucket_server_side_encryption_configuration", &bucket).is_empty();
        let stated = bucket.properties.is_some_and(|node| node.get("BucketEncryption").is_some());
        let list = if inner || outer || stated { &mut good } else { &mut bad };
        list.push(bucket.seen(if inner || outer || stated {
            "states its encryption"
        } else {
            "does not state its encryption"
        }));
    }
    Outcome::weigh(bad, good, || Outcome::not_applicable(NONE))
}
